package dev.tapedeck.composer;

import dev.tapedeck.protocol.config.EnvironmentPrefix;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.config.Setting;
import dev.tapedeck.protocol.token.PublicBind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of {@code composer worker}. Each has a key in the file, one in the environment and a flag.
 *
 * @param http      where it listens
 * @param composer  its store, its jobs and its limits
 * @param connector who delivers the events of jobs and shows their files
 * @param apps      app id to its secrets
 * @param outbound  what URLs of callers may reach
 */
@EnvironmentPrefix("COMPOSER_")
public record ComposerConfig(Http http, Composer composer, ConnectorLink connector, Map<String, App> apps,
    Outbound outbound) {

  public ComposerConfig {
    apps = Map.copyOf(apps);
    if (apps.isEmpty()) {
      throw new IllegalArgumentException("apps: name at least one, as apps.<name>.secrets");
    }
    if (PublicBind.isPublic(http.host())) {
      apps.forEach((app, settings) ->
          PublicBind.requireLongSecrets("http.host " + http.host(), app, settings.secrets()));
    }
  }

  public record Http(
      @Setting(value = "127.0.0.1", help = "Address to listen on.") String host,
      @Setting(value = "3200", help = "Port to listen on, 0 for any free one.") int port) {
    public Http {
      new Ranges().within("port", port, 0, 65_535).check();
    }
  }

  public record Composer(
      @Setting(value = "", help = "Store URI of the recordings, http://key:secret@host/bucket/path?path_style=true.")
      Redacted store,
      @Setting(value = "", help = "Store URI for transmuxed files; the recordings' store without it.")
      Optional<Redacted> transmuxStore,
      @Setting(value = "", help = "Store URI for composed files; the recordings' store without it.")
      Optional<Redacted> composeStore,
      @Setting(value = "data/composer", help = "Folder for the job database and temporary files.") String data,
      @Setting(value = "1", help = "Jobs run at the same time, 1 to 64; each uses the CPU of an encoder.")
      int concurrency,
      @Setting(value = "30s", help = "After this long without a sign of life another worker takes a job, 1 s to 1 h.")
      Duration lease,
      @Setting(value = "10m", help = "How long a job waits for its recording to be finalized, up to 7 d.")
      Duration finalizedWait,
      @Setting(value = "1m", help = "How long a job waits while nothing is stored of its recording, up to 7 d.")
      Duration firstChunkWait,
      @Setting(value = "2s", help = "How often a waiting job looks at the store, 10 ms to 1 h.") Duration poll,
      @Setting(value = "3", help = "Runs a job gets before it fails, 1 to 100.") int maxAttempts,
      @Setting(value = "1000", help = "Jobs of one app that may wait, 1 to 1000000; more are refused with 429.")
      int maxWaiting) {
    public Composer {
      new Ranges()
          .within("concurrency", concurrency, 1, 64)
          .within("lease", lease, Duration.ofSeconds(1), Duration.ofHours(1))
          .within("finalized-wait", finalizedWait, Duration.ZERO, Duration.ofDays(7))
          .within("first-chunk-wait", firstChunkWait, Duration.ZERO, Duration.ofDays(7))
          .within("poll", poll, Duration.ofMillis(10), Duration.ofHours(1))
          .within("max-attempts", maxAttempts, 1, 100)
          .within("max-waiting", maxWaiting, 1, 1_000_000)
          .check();
    }
  }

  public record ConnectorLink(
      @Setting(value = "", help = "URL of the connector; without it the events of jobs stay in the database.")
      Optional<String> url) {}

  public record App(
      @Setting(value = "", help = "Active secrets of the app, one or two, comma between.") List<Redacted> secrets,
      @Setting(value = "", help = "Where this app's recordings are instead of composer.store, and its files go;"
          + " of the same form.")
      Optional<Redacted> storeUri) {}

  public record Outbound(
      @Setting(value = "", help = "Addresses and blocks that custom_s3 may reach although they are not public.")
      List<String> allow) {}
}
