package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The server's API, used as a backend uses it: over HTTP, with a bearer. Blocks. */
final class ApiClient implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI origin;
  private final String bearer;

  /** @param bearer the app's secret, or a user token */
  ApiClient(URI origin, String bearer) {
    this.origin = origin;
    this.bearer = bearer;
  }

  /** A token for a media door. @param kind whip | whep */
  String token(String kind, Map<String, Object> claims) throws IOException {
    return data(post("/token/" + kind, claims)).path("token").asText();
  }

  /** Asks for one file per track and one file of everybody. @return the job's id */
  String convert(String recordPath) throws IOException {
    return data(post("/api/convert/job", Map.of("record_path", recordPath, "transmux", Map.of(),
        "compose", Map.of("audio", true, "video", true)))).path("job_id").asText();
  }

  JsonNode get(String path) throws IOException {
    return JSON.readTree(send(request(path).GET().build(), BodyHandlers.ofString()));
  }

  /** Stores what the path holds in a file. */
  void download(String path, Path file) throws IOException {
    send(request(path).GET().build(), BodyHandlers.ofFile(file));
  }

  @Override
  public void close() {
    http.close();
  }

  private JsonNode post(String path, Map<String, Object> body) throws IOException {
    BodyPublisher json = BodyPublishers.ofString(JSON.writeValueAsString(body));
    return JSON.readTree(
        send(request(path).header("Content-Type", "application/json").POST(json).build(), BodyHandlers.ofString()));
  }

  /** What the documented envelope holds. */
  private static JsonNode data(JsonNode envelope) throws IOException {
    if (!envelope.path("status").asBoolean()) {
      throw new IOException("the server refused: " + envelope.path("error").asText());
    }
    return envelope.path("data");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(origin.resolve(path)).timeout(TIMEOUT).header("Authorization", "Bearer " + bearer);
  }

  private <T> T send(HttpRequest request, BodyHandler<T> handler) throws IOException {
    try {
      HttpResponse<T> response = http.send(request, handler);
      if (response.statusCode() / 100 != 2) {
        String said = response.body() instanceof String text ? ": " + text : "";
        throw new IOException(
            request.method() + " " + request.uri().getPath() + " answered " + response.statusCode() + said);
      }
      return response.body();
    } catch (ConnectException e) {
      throw new IOException("no server at " + origin + "; is it running, and is this its address?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + request.method() + " " + request.uri().getPath(), e);
    }
  }
}
