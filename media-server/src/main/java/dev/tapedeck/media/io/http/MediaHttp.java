package dev.tapedeck.media.io.http;

import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.protocol.http.UnreadBody;
import io.javalin.Javalin;

/** The media server's own HTTP front. */
public final class MediaHttp implements AutoCloseable {
  private final Javalin javalin;

  private MediaHttp(Javalin javalin) {
    this.javalin = javalin;
  }

  /** @param ops health, readiness and metrics of this program */
  public static MediaHttp start(MediaConfig.Http config, MediaRoutes routes, OpsRoutes ops) {
    Javalin javalin = Javalin.create(setup -> {
      setup.startup.showJavalinBanner = false;
      setup.concurrency.useVirtualThreads = true;
      setup.http.maxRequestSize = MediaRoutes.MAX_BODY_BYTES;
      setup.routes.after(context -> UnreadBody.drain(context.req().getInputStream(), context.header("Expect")));
      routes.register(setup.routes);
      ops.register(setup.routes);
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
