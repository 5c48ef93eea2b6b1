package dev.tapedeck.composer.io.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.composer.core.job.RecordPath;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.token.Apps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Which recordings the connector knows, asked before a job is accepted: a mistyped path is then refused at once, in place
 * of a job that waits for chunks nobody will send. Safe for several threads.
 */
public final class ConnectorLibrary {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  /** The caller waits for this answer; without one its job is accepted. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI connector;
  private final Apps apps;

  public ConnectorLibrary(URI connector, Apps apps) {
    this.connector = connector;
    this.apps = apps;
  }

  /** Whether the connector says that the app has no such recording; false also when it does not say anything. */
  boolean denies(String app, RecordPath path) {
    List<Redacted> secrets = apps.secrets(app);
    if (secrets.isEmpty()) {
      return false;
    }
    HttpRequest request = HttpRequest.newBuilder(connector.resolve("/api/recordings/" + path.number()))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + secrets.getFirst().reveal())
        .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      return switch (answer.statusCode()) {
        case 404 -> true;
        case 200 -> !KeySegment.escape(roomIn(answer.body())).equals(path.room());
        default -> false;
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static String roomIn(String recording) throws JsonProcessingException {
    return JSON.readTree(recording).path("room").asText();
  }
}
