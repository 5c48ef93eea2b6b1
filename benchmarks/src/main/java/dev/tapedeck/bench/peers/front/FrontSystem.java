package dev.tapedeck.bench.peers.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.peers.PeerSystem;
import dev.tapedeck.bench.peers.SdpClient;
import dev.tapedeck.bench.peers.process.ProcessTree;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An SFU without signalling of its own, such as a mediasoup worker, behind a small HTTP front that runs already. The
 * front's four routes are described in docs/benchmarks-peers.md.
 */
public final class FrontSystem implements PeerSystem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final URI address;
  private final HttpClient http;
  private final String description;
  private final ProcessTree processes;

  private FrontSystem(String name, URI address, HttpClient http, JsonNode about) {
    this.name = name;
    this.address = address;
    this.http = http;
    this.description = about.path("description").asText("behind " + address);
    this.processes = new ProcessTree(about.path("pid").asLong());
  }

  /** @param address of the front, for instance {@code http://127.0.0.1:3000}
   *  @throws IOException if it does not answer, or names no process of this machine */
  public static FrontSystem connect(String name, URI address) throws IOException {
    HttpClient http = HttpClient.newHttpClient();
    JsonNode about = send(http, HttpRequest.newBuilder(address.resolve("/about")).GET(), 200);
    FrontSystem system = new FrontSystem(name, address, http, about);
    if (system.processes.pids().isEmpty()) {
      throw new IOException(address + "/about names process " + about.path("pid") + ", which is not on this machine");
    }
    return system;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public ProcessTree processes() {
    return processes;
  }

  @Override
  public Optional<Duration> startUp() {
    return Optional.empty();
  }

  @Override
  public Publication publish(String room, MediaKind kind, SdpClient client) throws IOException {
    JsonNode created = create(room, "publications", JSON.createObjectNode().put("sdp", client.offer()));
    client.accept(created.path("sdp").asText());
    String id = created.path("id").asText();
    return new Publication(room, id, kind, () -> delete(id));
  }

  @Override
  public Leaving subscribe(List<Publication> publications, SdpClient client) throws IOException {
    ObjectNode wanted = JSON.createObjectNode().put("sdp", client.offer());
    publications.forEach(publication -> wanted.withArray("publications").add(publication.id()));
    JsonNode created = create(publications.getFirst().room(), "subscriptions", wanted);
    client.accept(created.path("sdp").asText());
    return () -> delete(created.path("id").asText());
  }

  private JsonNode create(String room, String what, ObjectNode body) throws IOException {
    URI collection = address.resolve("/rooms/" + segment(room) + "/" + what);
    JsonNode created = send(http, HttpRequest.newBuilder(collection).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString())), 201);
    if (!created.path("id").isTextual() || !created.path("sdp").isTextual()) {
      throw new IOException("POST " + collection + " answered without id and sdp: " + created);
    }
    return created;
  }

  private void delete(String id) throws IOException {
    send(http, HttpRequest.newBuilder(address.resolve("/connections/" + segment(id))).DELETE(), 204);
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode send(HttpClient http, HttpRequest.Builder builder, int expectedStatus) throws IOException {
    HttpRequest request = builder.timeout(TIMEOUT).build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != expectedStatus) {
        throw new IOException(request.method() + " " + request.uri() + " answered " + response.statusCode() + ": "
            + response.body());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + request.uri(), e);
    }
  }

  /** Says goodbye to the front, which runs on. */
  @Override
  public void close() {
    http.close();
  }
}
