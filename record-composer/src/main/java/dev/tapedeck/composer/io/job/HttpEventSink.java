package dev.tapedeck.composer.io.job;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Posts events to the connector: {@code POST /internal/compose-events}, body a binary HookEvent, header
 * {@code X-Event-Id}, bearer a node token. Any 2xx means that the connector has stored it.
 */
public final class HttpEventSink implements EventSink {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final long TOKEN_TTL_SECONDS = 60;
  /** Composers are no node of the room layer; 0 is what their events carry too. */
  private static final long COMPOSER_NODE = 0;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI url;
  private final Redacted nodeSecret;
  private final LongSupplier wallMillis;

  public HttpEventSink(URI connector, Redacted nodeSecret, LongSupplier wallMillis) {
    this.url = connector.resolve("/internal/compose-events");
    this.nodeSecret = nodeSecret;
    this.wallMillis = wallMillis;
  }

  @Override
  public void deliver(String id, byte[] body) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(url)
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer "
            + TokenIssuer.node(nodeSecret, COMPOSER_NODE, wallMillis.getAsLong(), TOKEN_TTL_SECONDS))
        .header("Content-Type", "application/x-protobuf")
        .header("X-Event-Id", id)
        .POST(BodyPublishers.ofByteArray(body))
        .build();
    try {
      HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
      if (response.statusCode() / 100 != 2) {
        throw new IOException("event " + id + ": " + url + " answered " + response.statusCode());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("event " + id + ": interrupted", e);
    }
  }
}
