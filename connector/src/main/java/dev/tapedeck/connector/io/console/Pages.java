package dev.tapedeck.connector.io.console;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.util.Map;

/** The meeting page and the recordings page: plain files of this program, no build step behind them. */
public final class Pages {
  /** Nothing but our own files may run or be loaded; blobs are what the camera gives. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; media-src 'self' blob:; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " frame-ancestors 'none'; form-action 'self'";

  private Pages() {}

  public static void addTo(JavalinConfig config) {
    config.staticFiles.add(files -> {
      files.hostedPath = "/";
      files.directory = "/web";
      files.location = Location.CLASSPATH;
      files.headers = Map.of(
          "Content-Security-Policy", CONTENT_SECURITY_POLICY,
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-cache");
    });
  }
}
