package dev.tapedeck.composer.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connector's door for job events: wants a node token, keeps each event once by its id, as the real one must. */
public final class TestConnector implements AutoCloseable {
  public static final String NODE_SECRET = "node-secret-of-at-least-32-bytes!!";

  private final HttpServer server;
  private final Map<String, ComposeEvent> events = new LinkedHashMap<>();
  private int refusals;

  public TestConnector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/internal/compose-events", this::receive);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers the next requests with 503. */
  public synchronized void refuse(int times) {
    refusals = times;
  }

  /** The events of one job, in order of arrival. */
  public synchronized List<ComposeEvent> events(String jobId) {
    return events.values().stream().filter(event -> event.getJobId().equals(jobId)).toList();
  }

  public List<ComposeEvent.EventCase> kinds(String jobId) {
    return new ArrayList<>(events(jobId).stream().map(ComposeEvent::getEventCase).toList());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 204;
    if (refusals > 0) {
      refusals--;
      status = 503;
    } else if (!isNode(exchange.getRequestHeaders().getFirst("Authorization"))) {
      status = 401;
    } else {
      events.putIfAbsent(exchange.getRequestHeaders().getFirst("X-Event-Id"), HookEvent.parseFrom(body).getCompose());
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static boolean isNode(String header) {
    try {
      new TokenVerifier(Apps.of(Map.of()), List.of(Redacted.of(NODE_SECRET)), System::currentTimeMillis)
          .verify(header.substring("Bearer ".length()), TokenKind.NODE);
      return true;
    } catch (TokenException e) {
      return false;
    }
  }
}
