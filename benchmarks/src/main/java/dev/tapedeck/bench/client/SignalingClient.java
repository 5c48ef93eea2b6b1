package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.sdp.SdpFragment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What WHIP and WHEP have in common: an offer posted, a resource to patch and delete. Blocks; one thread at a time. */
public abstract class SignalingClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final URI server;
  private final String token;
  private URI resource;
  private String entityTag = "";

  /** @param server scheme and authority, with or without a path that prefixes all routes */
  SignalingClient(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  String create(String path, String offerSdp) throws IOException {
    URI endpoint = URI.create(server.toString().replaceAll("/$", "") + path);
    HttpResponse<String> response = send(HttpRequest.newBuilder(endpoint)
        .header("Content-Type", "application/sdp")
        .POST(BodyPublishers.ofString(offerSdp)), 201);
    String location = response.headers().firstValue("Location")
        .orElseThrow(() -> new IOException("POST " + endpoint + " answered 201 without Location"));
    resource = endpoint.resolve(location);
    entityTag = response.headers().firstValue("ETag").orElse("");
    return response.body();
  }

  /** Sends candidates of the running ICE session (RFC 9725 §4.3.1); the server answers without a body. */
  public void trickle(String fragment) throws IOException {
    send(HttpRequest.newBuilder(resource())
        .header("Content-Type", SdpFragment.CONTENT_TYPE)
        .header("If-Match", entityTag)
        .method("PATCH", BodyPublishers.ofString(fragment)), 204);
  }

  /** Restarts ICE whatever the present session is (RFC 9725 §4.3.2).
   *  @return the server's fragment, with new credentials */
  public String restartIce(String fragment) throws IOException {
    HttpResponse<String> response = send(HttpRequest.newBuilder(resource())
        .header("Content-Type", SdpFragment.CONTENT_TYPE)
        .header("If-Match", "*")
        .method("PATCH", BodyPublishers.ofString(fragment)), 200);
    entityTag = response.headers().firstValue("ETag").orElse(entityTag);
    return response.body();
  }

  /** Ends the connection on the server. */
  public void delete() throws IOException {
    send(HttpRequest.newBuilder(resource()).DELETE(), 200, 204);
  }

  void putJson(String suffix, String json) throws IOException {
    send(HttpRequest.newBuilder(URI.create(resource() + suffix))
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofString(json)), 200, 204);
  }

  String get(String suffix) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(resource() + suffix)).GET(), 200).body();
  }

  /** Address of the WHIP or WHEP resource.
   *  @throws IllegalStateException before an offer was accepted */
  public URI resource() {
    if (resource == null) {
      throw new IllegalStateException("no offer was accepted yet");
    }
    return resource;
  }

  /** Of the present ICE session, empty if the server sent none. */
  public String entityTag() {
    return entityTag;
  }

  private HttpResponse<String> send(HttpRequest.Builder builder, int... expectedStatuses) throws IOException {
    HttpRequest request = builder.header("Authorization", "Bearer " + token).timeout(TIMEOUT).build();
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + request.method() + " " + request.uri(), e);
    }
    for (int expected : expectedStatuses) {
      if (response.statusCode() == expected) {
        return response;
      }
    }
    throw new SignalingException(request.method(), request.uri(), response.statusCode(), response.body());
  }
}
