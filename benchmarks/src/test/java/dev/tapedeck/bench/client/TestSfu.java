package dev.tapedeck.bench.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.bench.client.dtls.ClientCertificate;
import dev.tapedeck.bench.client.ice.IceConnection;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.sdp.Answer;
import dev.tapedeck.bench.client.sdp.SdpFragment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a server as the kit's own tests need: it forwards every publisher's packets to every watcher's m-line of
 * the same kind. The real server has its own tests with these clients.
 */
public final class TestSfu implements AutoCloseable {
  static final String TOKEN = "let-me-in";

  private final ClientLoop loop = new ClientLoop("test-sfu");
  private final ClientCertificate certificate = ClientCertificate.generate();
  private final List<InetAddress> addresses;
  private final HttpServer http;
  private final AtomicInteger ids = new AtomicInteger();
  final Map<String, TestSfuConnection> connections = new ConcurrentHashMap<>();
  final List<String> slotBodies = new CopyOnWriteArrayList<>();

  public TestSfu(List<InetAddress> addresses) throws IOException {
    this.addresses = addresses;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::handle);
    http.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (!isAccepted(exchange.getRequestHeaders().getFirst("Authorization"))) {
        answer(exchange, 401, "{\"error\":\"no\"}");
      } else if (exchange.getRequestMethod().equals("POST")) {
        create(exchange, path, body);
      } else {
        change(exchange, connections.get(path.split("/")[3]), path, body);
      }
    }
  }

  /** The one token of the kit's tests, or a signed one, which is not looked into. */
  private static boolean isAccepted(String authorization) {
    return authorization != null && (authorization.equals("Bearer " + TOKEN) || authorization.startsWith("Bearer ey"));
  }

  private void create(HttpExchange exchange, String path, String offer) throws IOException {
    String id = Integer.toString(ids.incrementAndGet());
    TestSfuConnection connection = new TestSfuConnection(loop, certificate, addresses, Answer.parse(offer), this);
    connections.put(id, connection);
    exchange.getResponseHeaders().set("Location", path.replace("endpoint", "conn/" + id));
    exchange.getResponseHeaders().set("ETag", "\"ice-1\"");
    answer(exchange, 201, connection.answer());
    connection.start();
  }

  private void change(HttpExchange exchange, TestSfuConnection connection, String path, String body)
      throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PATCH" -> {
        if (exchange.getRequestHeaders().getFirst("If-Match").equals("*")) {
          answer(exchange, 200, connection.restart(SdpFragment.parse(body)));
        } else {
          answer(exchange, 204, "");
        }
      }
      case "PUT" -> {
        slotBodies.add(body);
        answer(exchange, 204, "");
      }
      case "DELETE" -> {
        connections.values().remove(connection);
        connection.close();
        answer(exchange, 200, "");
      }
      default -> answer(exchange, 405, path);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  IceConnection openIce(TestSfuConnection connection) {
    try {
      return new IceConnection(loop, addresses, false, connection::onDatagram,
          Impairment.NONE, Impairment.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    connections.values().forEach(TestSfuConnection::close);
    loop.close();
  }
}
