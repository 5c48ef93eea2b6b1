package dev.tapedeck.proofs.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A backend's webhook: checks signatures, keeps what came in the order it came, and acts on it. */
public final class HookReceiver implements AutoCloseable {
  public static final String SECRET = "what-backend-and-connector-share-for-hooks";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Consumer<Received> action = event -> {};

  /**
   * One delivery.
   *
   * @param id               the event's, the same on every retry
   * @param isSigned         whether the body was signed with our secret
   * @param body             as in the reference: {@code {"node","ts","event":{"Record":{...}}}}
   * @param arrivedWallMillis when it was here
   */
  public record Received(long id, boolean isSigned, JsonNode body, long arrivedWallMillis) {
    /** Such as {@code Record.Started}. */
    public String kind() {
      String family = body.get("event").fieldNames().next();
      return family + "." + body.at("/event/" + family + "/event").fieldNames().next();
    }

    /** What stands inside the innermost event. */
    public JsonNode detail() {
      JsonNode event = body.get("event").elements().next();
      return event.get("event").elements().next();
    }

    /** A member beside it: app, room, job_id; "" when there is none. */
    public String of(String member) {
      return body.get("event").elements().next().path(member).asText();
    }
  }

  public HookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks";
  }

  /** What to do with each event before it is answered. */
  public void onEvent(Consumer<Received> newAction) {
    action = newAction;
  }

  public List<Received> received() {
    return received;
  }

  /** Events of one room of an app, in the order they came. */
  public List<Received> ofRoom(String app, String room) {
    return received.stream().filter(event -> event.of("app").equals(app) && event.of("room").equals(room)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String signature = exchange.getRequestHeaders().getFirst("x-webhook-signature");
    Received event = new Received(Long.parseLong(exchange.getRequestHeaders().getFirst("x-webhook-id")),
        hmac(body).equals(signature), JSON.readTree(body), System.currentTimeMillis());
    received.add(event);
    action.accept(event);
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static String hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
