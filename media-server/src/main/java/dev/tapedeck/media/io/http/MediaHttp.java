package dev.tapedeck.media.io.http;

import dev.tapedeck.media.MediaConfig;
import io.javalin.Javalin;

/** The media server's own HTTP front. */
public final class MediaHttp implements AutoCloseable {
  private final Javalin javalin;

  private MediaHttp(Javalin javalin) {
    this.javalin = javalin;
  }

  public static MediaHttp start(MediaConfig.Http config, MediaRoutes routes) {
    Javalin javalin = Javalin.create(setup -> {
      setup.startup.showJavalinBanner = false;
      setup.concurrency.useVirtualThreads = true;
      setup.http.maxRequestSize = MediaRoutes.MAX_BODY_BYTES;
      routes.register(setup.routes);
      setup.routes.get("/health", context -> context.json(java.util.Map.of("status", "ok")));
    }).start(config.host(), config.port());
    return new MediaHttp(javalin);
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
