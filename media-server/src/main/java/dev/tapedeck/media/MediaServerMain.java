package dev.tapedeck.media;

import dev.tapedeck.media.io.http.MediaHttp;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code tapedeck media-server}: the SFU and recorder as a program of its own. */
public final class MediaServerMain {
  private MediaServerMain() {}

  public static void main(String[] arguments) throws Exception {
    MediaConfig config;
    try {
      config = Config.load(ConfigSource.of("", System.getenv(), List.of(arguments)), MediaConfig.class)
          .get(MediaConfig.class);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    run(config);
  }

  private static void run(MediaConfig config) throws IOException {
    Map<String, List<Redacted>> secrets = new LinkedHashMap<>();
    config.apps().forEach((id, app) -> secrets.put(id, app.secrets()));
    TokenVerifier verifier = new TokenVerifier(Apps.of(secrets), List.of(), System::currentTimeMillis);
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MediaNode node = MediaNode.start(config, verifier, metrics);
    MediaHttp http = MediaHttp.start(config.http(), node.routes(), node.ops());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
      http.close();
      node.close();
    }));
    System.out.println("media server on http://" + config.http().host() + ":" + http.port());
  }
}
