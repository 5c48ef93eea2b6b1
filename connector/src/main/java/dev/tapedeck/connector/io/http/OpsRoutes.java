package dev.tapedeck.connector.io.http;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What operators and their tools ask: is it alive, is it ready, what does it count, what can it do. */
final class OpsRoutes {
  private final Api api;
  private final PrometheusMeterRegistry metrics;
  private final BooleanSupplier isReady;

  OpsRoutes(Api api, PrometheusMeterRegistry metrics, BooleanSupplier isReady) {
    this.api = api;
    this.metrics = metrics;
    this.isReady = isReady;
  }

  void register(JavalinDefaultRoutingApi routes) {
    routes.get("/health", api.guard(ctx -> Api.json(ctx, 200, Map.of("status", "ok"))));
    routes.get("/ready", api.guard(this::ready));
    routes.get("/metrics", api.guard(ctx ->
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape())));
    routes.get("/openapi.json", api.guard(this::openApi));
  }

  private void ready(Context ctx) throws IOException {
    boolean ready = isReady.getAsBoolean();
    Api.json(ctx, ready ? 200 : 503, Map.of("status", ready ? "ok" : "not ready"));
  }

  private void openApi(Context ctx) throws IOException {
    try (InputStream in = OpsRoutes.class.getResourceAsStream("/openapi/connector.json")) {
      ctx.contentType("application/json").result(in.readAllBytes());
    }
  }
}
