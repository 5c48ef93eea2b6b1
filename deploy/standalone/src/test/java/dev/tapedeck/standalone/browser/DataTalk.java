package dev.tapedeck.standalone.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.media.core.sctp.SctpEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A page that talks over data channels as soon as any browser shows it, the server it talks to, and what came of it. */
public final class DataTalk implements AutoCloseable {
  private final DataEchoServer echo = new DataEchoServer();
  private final CompletableFuture<JsonNode> result = new CompletableFuture<>();
  private final HttpServer pages;

  public DataTalk() throws IOException {
    pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pages.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    pages.createContext("/data.html", exchange -> reply(exchange, "text/html", resource("/browser/data.html")));
    pages.createContext("/data.js", exchange -> reply(exchange, "text/javascript", resource("/browser/data.js")));
    // Browsers ask for an icon; a 404 would be an error in their console.
    pages.createContext("/favicon.ico", exchange -> reply(exchange, "image/x-icon", new byte[0]));
    pages.createContext("/answer", exchange -> reply(exchange, "application/sdp",
        echo.answer(body(exchange)).getBytes(StandardCharsets.UTF_8)));
    pages.createContext("/result", exchange -> {
      JsonNode told = new ObjectMapper().readTree(body(exchange));
      reply(exchange, "text/plain", new byte[0]); // first: an answer cut off by our end is an error in the console
      result.complete(told);
    });
    pages.start();
  }

  /** What the browser is to show. */
  public String url() {
    return "http://localhost:" + pages.getAddress().getPort() + "/data.html";
  }

  /** Waits until the page is done. */
  public JsonNode result() throws Exception {
    return result.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What the server was told of its data channels. */
  public Collection<SctpEvent> serverEvents() {
    return echo.events;
  }

  @Override
  public void close() throws Exception {
    pages.stop(0);
    echo.close();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DataTalk.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void reply(HttpExchange exchange, String type, byte[] body) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
