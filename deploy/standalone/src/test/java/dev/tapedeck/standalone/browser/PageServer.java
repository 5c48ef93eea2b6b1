package dev.tapedeck.standalone.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Serves the test pages on http://localhost, which browsers trust with camera and microphone; below {@code /npm/} what
 * they import, our client module where the connector serves it, and {@link ExamplePages}.
 */
final class PageServer implements AutoCloseable {
  private static final Map<String, String> TYPES = Map.of("html", "text/html", "js", "text/javascript", "mjs", "text/javascript");
  private static final String NPM = "/npm/";
  private static final String CLIENT = "/js/tapedeck/";
  private static final int NO_BODY = -1;

  private final HttpServer server;

  PageServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", PageServer::serve);
    server.start();
  }

  /** @param page such as {@code index.html} */
  String url(String page) {
    return "http://localhost:" + server.getAddress().getPort() + "/" + page;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange; InputStream file = open(path)) {
      if (file == null) {
        // Browsers ask for an icon; a 404 would be an error in their console.
        exchange.sendResponseHeaders(path.equals("/favicon.ico") ? 204 : 404, NO_BODY);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
      exchange.sendResponseHeaders(200, 0);
      file.transferTo(exchange.getResponseBody());
    }
  }

  /** What is at this path, or null. */
  private static InputStream open(String path) throws IOException {
    if (path.startsWith(NPM)) {
      Path file = SdkPackage.folder().resolve(path.substring(NPM.length()));
      return Files.exists(file) ? Files.newInputStream(file) : null;
    }
    if (path.startsWith("/" + ExamplePages.PATH)) {
      Path file = ExamplePages.FOLDER.resolve(path.substring(1 + ExamplePages.PATH.length()));
      return Files.exists(file) ? Files.newInputStream(file) : null;
    }
    return PageServer.class.getResourceAsStream(
        path.startsWith(CLIENT) ? "/client/" + path.substring(CLIENT.length()) : "/browser" + path);
  }
}
