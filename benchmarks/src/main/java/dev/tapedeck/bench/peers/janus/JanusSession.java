package dev.tapedeck.bench.peers.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client's session with one handle of the VideoRoom plugin, over Janus' HTTP API: requests are posted, what they
 * lead to comes by a long poll.
 *
 * <p>Belongs to one thread.
 */
final class JanusSession {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PLUGIN = "janus.plugin.videoroom";
  /** Janus answers an empty poll after 30 s by {@code keepalive}. */
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(60);
  /** Events that are not ours may come first; more polls than this mean that ours never comes. */
  private static final int MAX_POLLS = 50;
  private static final AtomicLong TRANSACTIONS = new AtomicLong();

  private final HttpClient http;
  private final URI session;
  private final URI handle;

  private JanusSession(HttpClient http, URI session, URI handle) {
    this.http = http;
    this.session = session;
    this.handle = handle;
  }

  static JanusSession open(HttpClient http, URI janus) throws IOException {
    URI session = child(janus, post(http, janus, request("create")));
    URI handle = child(session, post(http, session, request("attach").put("plugin", PLUGIN)));
    return new JanusSession(http, session, handle);
  }

  /** Janus' version, by a request that needs no session. */
  static String version(HttpClient http, URI janus) throws IOException {
    return get(http, URI.create(janus + "/info")).path("version_string").asText("unknown");
  }

  private static URI child(URI parent, JsonNode created) {
    return URI.create(parent + "/" + created.path("data").path("id").asText());
  }

  /** A request that the plugin answers at once. @return its data */
  JsonNode ask(ObjectNode body) throws IOException {
    ObjectNode request = request("message");
    request.set("body", body);
    return plugin(post(http, handle, request));
  }

  /**
   * A request that the plugin answers by an event.
   *
   * @param sdp offer or answer that goes with it
   * @return the event: data under {@code plugindata}, and {@code jsep} if it has an offer or answer
   */
  JsonNode demand(ObjectNode body, Optional<Sdp> sdp) throws IOException {
    ObjectNode request = request("message");
    request.set("body", body);
    sdp.ifPresent(described -> request.putObject("jsep").put("type", described.type()).put("sdp", described.text()));
    post(http, handle, request);
    String transaction = request.path("transaction").asText();
    for (int i = 0; i < MAX_POLLS; i++) {
      JsonNode event = get(http, session);
      if (event.path("transaction").asText().equals(transaction)) {
        plugin(event);
        return event;
      }
    }
    throw new IOException("Janus sent no event for " + body);
  }

  /** @param type {@code offer} or {@code answer} */
  record Sdp(String type, String text) {}

  void destroy() throws IOException {
    post(http, session, request("destroy"));
  }

  private static ObjectNode request(String verb) {
    return JSON.createObjectNode().put("janus", verb).put("transaction", "t" + TRANSACTIONS.incrementAndGet());
  }

  private static JsonNode plugin(JsonNode answer) throws IOException {
    JsonNode data = answer.path("plugindata").path("data");
    if (data.has("error")) {
      throw new IOException("VideoRoom refused: " + data.path("error").asText());
    }
    return data;
  }

  private static JsonNode post(HttpClient http, URI address, JsonNode body) throws IOException {
    return send(http, HttpRequest.newBuilder(address).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString())));
  }

  private static JsonNode get(HttpClient http, URI address) throws IOException {
    return send(http, HttpRequest.newBuilder(address).GET());
  }

  private static JsonNode send(HttpClient http, HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.timeout(POLL_TIMEOUT).build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (answer.path("janus").asText().equals("error")) {
        throw new IOException(
            request.method() + " " + request.uri() + ": " + answer.path("error").path("reason").asText());
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking Janus", e);
    }
  }
}
