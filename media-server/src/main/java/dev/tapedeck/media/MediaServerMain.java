package dev.tapedeck.media;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.io.http.MediaHttp;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import java.io.IOException;
import java.security.SecureRandom;
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
    TapeDeck deck = new TapeDeck((int) config.node().id(), RecordLimits.DEFAULT, null,
        now -> System.currentTimeMillis() * 1_000_000, new SecureRandom(), config.record().grace().toNanos());
    MediaServer server = MediaServer.start(config, verifier, deck, event -> {});
    MediaHttp http = MediaHttp.start(config.http(), server.routes(), server.ops());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
      http.close();
      try {
        server.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }));
    System.out.println("media server on http://" + config.http().host() + ":" + http.port());
  }
}
