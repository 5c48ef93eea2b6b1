package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A backend's hook endpoint on this machine: checks the signature of each request (HMAC-SHA256 of the body, hex), takes
 * each event once however often it is sent, and keeps them in the order they came.
 */
final class HookReceiver implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PATH = "/hook";

  private final HttpServer server;
  private final byte[] secret;
  private final Consumer<Event> listener;
  /** Guarded by this, as is all below. */
  private final List<Event> events = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private int forged;

  /**
   * An event in the words of the documents.
   *
   * @param name such as {@code Record.Finalized}
   * @param body members of that event
   * @param app  members around it, such as app, room, job_id
   */
  record Event(String name, JsonNode body, JsonNode app) {
    /** {@code {"event":{"Record":{"app":..,"event":{"Finalized":{..}}}}}} */
    static Event of(JsonNode hook) {
      var outer = hook.path("event").properties().iterator().next();
      var inner = outer.getValue().path("event").properties().iterator().next();
      return new Event(outer.getKey() + "." + inner.getKey(), inner.getValue(), outer.getValue());
    }
  }

  private HookReceiver(HttpServer server, String secret, Consumer<Event> listener) {
    this.server = server;
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.listener = listener;
  }

  /** Listens on a free port of loopback. @param listener hears each new event, one at a time */
  static HookReceiver start(String secret, Consumer<Event> listener) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HookReceiver receiver = new HookReceiver(server, secret, listener);
    server.createContext(PATH, receiver::receive);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return receiver;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /** Names of all events so far. */
  synchronized List<String> names() {
    return events.stream().map(Event::name).toList();
  }

  /** Requests whose signature was not ours. */
  synchronized int forged() {
    return forged;
  }

  /** @throws IOException if no such event comes in time */
  synchronized Event await(String what, Predicate<Event> wanted, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Optional<Event> found = events.stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new IOException("no event " + what + " within " + timeout.toSeconds() + " s; there were "
            + events.stream().map(Event::name).toList());
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the event " + what, e);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String signature = exchange.getRequestHeaders().getFirst("x-webhook-signature");
      boolean isOurs = signature != null && MessageDigest.isEqual(
          signature.getBytes(StandardCharsets.UTF_8), hmac(body).getBytes(StandardCharsets.UTF_8));
      take(isOurs, String.valueOf(exchange.getRequestHeaders().getFirst("x-webhook-id")), body);
      exchange.sendResponseHeaders(isOurs ? 204 : 401, -1);
    }
  }

  private synchronized void take(boolean isOurs, String id, byte[] body) throws IOException {
    if (!isOurs) {
      forged++;
    } else if (seen.add(id)) {
      Event event = Event.of(JSON.readTree(body));
      events.add(event);
      listener.accept(event);
      notifyAll();
    }
  }

  private String hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
