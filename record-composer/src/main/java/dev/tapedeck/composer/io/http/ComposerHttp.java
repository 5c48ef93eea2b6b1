package dev.tapedeck.composer.io.http;

import dev.tapedeck.composer.core.job.JobState;
import dev.tapedeck.composer.io.job.JobDesk;
import dev.tapedeck.composer.io.job.JobStore;
import dev.tapedeck.protocol.http.AllowedMethods;
import dev.tapedeck.protocol.http.UnreadBody;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's HTTP server: the job API, health, metrics, and the description of it all. */
public final class ComposerHttp {
  private static final Logger log = LoggerFactory.getLogger(ComposerHttp.class);
  private static final long MAX_BODY_BYTES = 64 << 10;
  private static final String REQUEST_ID = "X-Request-Id";

  private ComposerHttp() {}

  /**
   * Makes the server; the caller starts and stops it.
   *
   * @param isReady whether jobs would run: asked by {@code /ready}
   */
  public static Javalin create(Apps apps, TokenVerifier tokens, JobStore jobs, JobDesk desk, BooleanSupplier isReady) {
    PrometheusMeterRegistry metrics = metrics(jobs);
    JobApi api = new JobApi(apps, tokens, jobs, desk);
    String openApi = resource("/composer/openapi.json");
    return Javalin.create(config -> {
      config.startup.showJavalinBanner = false;
      config.concurrency.useVirtualThreads = true;
      config.http.maxRequestSize = MAX_BODY_BYTES;
      config.http.prefer405over404 = true;
      config.routes.before(context -> context.header(REQUEST_ID, UUID.randomUUID().toString()));
      config.routes.after(context -> UnreadBody.drain(context.req().getInputStream(), context.header("Expect")));
      api.addTo(config.routes);
      config.routes.get("/health", context -> Json.answer(context, 200, Map.of("status", "up")));
      config.routes.get("/ready", context -> {
        boolean ready = isReady.getAsBoolean();
        Json.answer(context, ready ? 200 : 503, Map.of("status", ready ? "ready" : "not ready"));
      });
      config.routes.get("/metrics", context ->
          context.contentType("text/plain; version=0.0.4").result(metrics.scrape()));
      config.routes.get("/openapi.json", context -> context.contentType("application/json").result(openApi));
      addErrors(config);
    });
  }

  /** Every route of a server as {@code GET /path/{parameter}}. */
  public static Set<String> operations(Javalin server) {
    return server.unsafe.internalRouter.allHttpHandlers().stream()
        .filter(route -> route.endpoint.method.isHttpMethod())
        .map(route -> route.endpoint.method.name() + " " + route.endpoint.path)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void addErrors(JavalinConfig config) {
    config.routes.exception(ApiException.class, (e, context) -> Json.error(context, e, requestId(context)));
    config.routes.exception(MethodNotAllowedResponse.class, (e, context) -> {
      String methods = String.join(", ", AllowedMethods.of(e.getDetails()));
      context.header("Allow", methods);
      Json.error(context, new ApiException(405, "method_not_allowed", "Method not allowed",
          "this path answers " + methods), requestId(context));
    });
    config.routes.exception(HttpResponseException.class, (e, context) -> Json.error(context,
        new ApiException(e.getStatus(), slug(e.getStatus()), String.valueOf(e.getMessage()),
            "see /openapi.json for what this server answers"), requestId(context)));
    config.routes.exception(Exception.class, (e, context) -> {
      log.atError().addKeyValue("requestId", requestId(context)).setCause(e).log("request failed");
      Json.error(context, new ApiException(500, "internal", "Internal error",
          "the log of the composer has more under this request id"), requestId(context));
    });
  }

  private static String slug(int status) {
    return switch (status) {
      case 404 -> "not_found";
      case 413 -> "body_too_large";
      default -> "http_" + status;
    };
  }

  private static String requestId(Context context) {
    return context.res().getHeader(REQUEST_ID);
  }

  private static PrometheusMeterRegistry metrics(JobStore jobs) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    for (JobState state : JobState.values()) {
      Gauge.builder("tapedeck_composer_jobs", () -> jobs.count(state)).tag("state", state.text())
          .description("Convert jobs by state").register(registry);
    }
    Gauge.builder("tapedeck_composer_undelivered_events", jobs::undeliveredEvents)
        .description("Job events that the connector does not have yet").register(registry);
    return registry;
  }

  private static String resource(String name) {
    try (InputStream in = ComposerHttp.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
