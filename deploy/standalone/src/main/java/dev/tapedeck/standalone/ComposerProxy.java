package dev.tapedeck.standalone;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Passes {@code /api/convert/*} on to the composer's process, so that people see one origin. */
final class ComposerProxy {
  private static final Set<String> REQUEST_HEADERS = Set.of("Authorization", "Content-Type", "Idempotency-Key");
  private static final Set<String> ANSWER_HEADERS =
      Set.of("allow", "content-type", "www-authenticate", "location", "retry-after", "x-request-id");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Supplier<Optional<URI>> composer;

  ComposerProxy(Supplier<Optional<URI>> composer) {
    this.composer = composer;
  }

  void register(JavalinDefaultRoutingApi routes) {
    String scope = "/api/convert/*";
    routes.get(scope, this::pass).post(scope, this::pass).delete(scope, this::pass);
  }

  private void pass(Context context) throws InterruptedException {
    String query = context.queryString();
    Optional<URI> address = composer.get();
    if (address.isEmpty()) {
      unavailable(context);
      return;
    }
    URI target = address.get().resolve(context.req().getRequestURI() + (query == null ? "" : "?" + query));
    HttpRequest.Builder request = HttpRequest.newBuilder(target)
        .timeout(TIMEOUT)
        .method(context.method().name(), HttpRequest.BodyPublishers.ofByteArray(context.bodyAsBytes()));
    for (String header : REQUEST_HEADERS) {
      String value = context.header(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      context.status(answer.statusCode()).result(answer.body());
      for (String header : ANSWER_HEADERS) {
        answer.headers().firstValue(header).ifPresent(value -> context.header(header, value));
      }
    } catch (IOException e) {
      unavailable(context);
    }
  }

  private static void unavailable(Context context) {
    context.status(503).header("Retry-After", "5").json(Map.of("error", "the composer is starting",
        "code", "composer_unavailable", "message", "try again in a few seconds", "requestId", requestId(context)));
  }

  /** The id that the connector's side gave the request. */
  private static String requestId(Context context) {
    return Optional.ofNullable(context.res().getHeader("X-Request-Id")).orElse("");
  }
}
