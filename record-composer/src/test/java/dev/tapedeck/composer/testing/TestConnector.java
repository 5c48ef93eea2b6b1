package dev.tapedeck.composer.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connector's doors for jobs: want the secret of the app, keep each event once by its id, as the real ones must. */
public final class TestConnector implements AutoCloseable {
  private final String secret;
  private final HttpServer server;
  private final Map<String, JsonNode> files = new LinkedHashMap<>();
  private final Map<String, ComposeEvent> events = new LinkedHashMap<>();
  private Map<String, String> rooms;
  private int refusals;

  /** @param secret of the only app */
  public TestConnector(String secret) throws IOException {
    this.secret = secret;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/events/compose", this::receive);
    server.createContext("/api/recordings/", this::recording);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers the next requests with 503. */
  public synchronized void refuse(int times) {
    refusals = times;
  }

  /** From now on it says which recordings there are. @param newRooms room by recording */
  public synchronized void tellRecordings(Map<String, String> newRooms) {
    rooms = newRooms;
  }

  /** The events of one job, in order of arrival. */
  public synchronized List<ComposeEvent> events(String jobId) {
    return events.values().stream().filter(event -> event.getJobId().equals(jobId)).toList();
  }

  public List<ComposeEvent.EventCase> kinds(String jobId) {
    return new ArrayList<>(events(jobId).stream().map(ComposeEvent::getEventCase).toList());
  }

  /** What was registered, body by path, in order of arrival. */
  public synchronized Map<String, JsonNode> files() {
    return new LinkedHashMap<>(files);
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
    } else if (!isTheApp(exchange)) {
      status = 401;
    } else {
      events.putIfAbsent(exchange.getRequestHeaders().getFirst("X-Event-Id"), HookEvent.parseFrom(body).getCompose());
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private synchronized void recording(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      show(exchange);
    } else {
      register(exchange);
    }
  }

  private void show(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String room = rooms == null ? null : rooms.get(path.substring(path.lastIndexOf('/') + 1));
    int status = rooms == null ? 503 : !isTheApp(exchange) ? 401 : room == null ? 404 : 200;
    byte[] body = new ObjectMapper().writeValueAsBytes(Map.of("room", room == null ? "" : room));
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void register(HttpExchange exchange) throws IOException {
    JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
    boolean isAllowed = exchange.getRequestMethod().equals("PUT") && isTheApp(exchange);
    if (isAllowed) {
      files.put(exchange.getRequestURI().getPath(), body);
    }
    exchange.sendResponseHeaders(isAllowed ? 204 : 401, -1);
    exchange.close();
  }

  private boolean isTheApp(HttpExchange exchange) {
    return ("Bearer " + secret).equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }
}
