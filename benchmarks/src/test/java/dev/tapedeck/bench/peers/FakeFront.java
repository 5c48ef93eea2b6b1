package dev.tapedeck.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.bench.client.SignalingClient;
import dev.tapedeck.bench.client.TestSfu;
import dev.tapedeck.bench.client.WhepClient;
import dev.tapedeck.bench.client.WhipClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The four routes of a front, with the kit's own small SFU behind them, in this process. */
final class FakeFront implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANY_SIGNED_TOKEN = "eyJ";

  private final TestSfu sfu = new TestSfu(List.of(MediaAddress.get()));
  private final HttpClient toSfu = HttpClient.newHttpClient();
  private final Map<String, SignalingClient> connections = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final HttpServer http;

  FakeFront() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::handle);
    http.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Connections that were made and not deleted. */
  int open() {
    return connections.size();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/");
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      if (path[1].equals("about")) {
        answer(exchange, 200, JSON.createObjectNode()
            .put("description", "the kit's SFU").put("pid", ProcessHandle.current().pid()).toString());
      } else if (path[1].equals("connections")) {
        connections.remove(path[2]).delete();
        answer(exchange, 204, "");
      } else {
        answer(exchange, 201, create(path[3], body).toString());
      }
    }
  }

  private JsonNode create(String what, JsonNode body) throws IOException {
    String id = "c" + ids.incrementAndGet();
    String offer = body.path("sdp").asText();
    String sdp;
    if (what.equals("publications")) {
      WhipClient publisher = new WhipClient(toSfu, sfu.address(), ANY_SIGNED_TOKEN);
      sdp = publisher.publish(offer);
      connections.put(id, publisher);
    } else {
      WhepClient watcher = new WhepClient(toSfu, sfu.address(), ANY_SIGNED_TOKEN);
      sdp = watcher.watch(offer, Optional.of(body.path("publications").path(0).asText()));
      connections.put(id, watcher);
    }
    return JSON.createObjectNode().put("id", id).put("sdp", sdp);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    sfu.close();
    toSfu.close();
  }
}
