package dev.tapedeck.media.io.http;

import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.http.UnreadBody;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.io.IOException;

/** The media server's own HTTP front. */
public final class MediaHttp implements AutoCloseable {
  private final Javalin javalin;

  private MediaHttp(Javalin javalin) {
    this.javalin = javalin;
  }

  /**
   * Serves from now on.
   *
   * @param ops health, readiness and metrics of this program
   * @throws IOException when the port cannot be had
   */
  public static MediaHttp start(MediaConfig.Http config, MediaRoutes routes, OpsRoutes ops) throws IOException {
    Javalin javalin = Javalin.create(setup -> {
      setup.startup.showJavalinBanner = false;
      setup.concurrency.useVirtualThreads = true;
      setup.http.maxRequestSize = MediaRoutes.MAX_BODY_BYTES;
      setup.http.prefer405over404 = true;
      setup.routes.after(context -> UnreadBody.drain(context.req().getInputStream(), context.header("Expect")));
      routes.register(setup.routes);
      ops.register(setup.routes);
    });
    try {
      return new MediaHttp(javalin.start(config.host(), config.port()));
    } catch (JavalinBindException e) {
      throw new IOException(Problems.ofPort("http.port", config.port(), e), e);
    }
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
