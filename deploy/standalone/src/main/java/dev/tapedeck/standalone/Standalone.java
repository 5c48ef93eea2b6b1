package dev.tapedeck.standalone;

import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.connector.ConnectorServer;
import dev.tapedeck.connector.io.console.Pages;
import dev.tapedeck.connector.io.http.ConnectorHttp;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaNode;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * Everything in one place: media server and connector in this process with an embedded store and database, the composer
 * beside it as its own, all behind one HTTP origin.
 */
public final class Standalone implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final StandaloneConfig config;
  private final ConnectorServer connector;
  private final MediaNode media;
  private final Javalin http;

  private Standalone(List<String> settings) throws IOException, ConfigException {
    config = load(settings, StandaloneConfig.class);
    Path data = Path.of(config.data());
    Files.createDirectories(data);
    try {
      EmbeddedStore store = keep(EmbeddedStore.start(data.resolve("store"), randomKey(), randomKey()));
      connector = keep(ConnectorServer.start(load(settings, ConnectorConfig.class,
          "--grpc.port=0", "--store.uri=" + store.uri())));
      Secrets secrets = connector.secrets();
      MediaConfig mediaConfig = load(settings, MediaConfig.class,
          "--node.connector=127.0.0.1:" + connector.link().port(), "--node.secret=" + secrets.node().reveal());
      TokenVerifier verifier = new TokenVerifier(connector.apps(), List.of(), System::currentTimeMillis);
      media = keep(MediaNode.start(mediaConfig, verifier, connector.metrics()));
      ComposerProcess[] composer = new ComposerProcess[1];
      ComposerProxy proxy = new ComposerProxy(() -> composer[0].address());
      http = Javalin.create(setup -> {
        ConnectorHttp.prepare(setup);
        connector.http().register(setup.routes);
        media.routes().register(setup.routes);
        proxy.register(setup.routes);
        Pages.addTo(setup);
        connector.http().registerFallback(setup.routes);
      }).start(host(), config.http().port());
      opened.push(this::stopHttp);
      composer[0] = keep(new ComposerProcess(ProgramHome.find(),
          ComposerSettings.write(data, store.uri(), origin(), connector), data.resolve("composer.log")));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts everything.
   *
   * @param settings {@code --key=value} arguments for any of the parts
   * @throws ConfigException with all problems of the settings
   */
  public static Standalone start(List<String> settings) throws IOException, ConfigException {
    return new Standalone(settings);
  }

  /** Where pages, API and signalling are, as seen from this machine. */
  public URI origin() {
    return URI.create("http://127.0.0.1:" + http.port());
  }

  public ConnectorServer connector() {
    return connector;
  }

  public MediaNode media() {
    return media;
  }

  /** The app that is there when none is configured. */
  public String defaultApp() {
    return connector.apps().onlyApp().orElse(Secrets.DEFAULT_APP);
  }

  /** Stops in the reverse order of the start; what is taped and not stored yet stays in the spool. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the server did not stop cleanly", e);
      }
    }
  }

  private void stopHttp() {
    connector.http().close();
    http.stop();
  }

  private String host() {
    return config.isPublic() ? "0.0.0.0" : "127.0.0.1";
  }

  private <C extends AutoCloseable> C keep(C part) {
    opened.push(part);
    return part;
  }

  /** Keys of the embedded store, for as long as this process lives. */
  private static String randomKey() {
    byte[] key = new byte[20];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  /** Settings of one part: the operator's, with those that follow from being embedded. */
  private static <R extends Record> R load(List<String> settings, Class<R> part, String... embedded)
      throws ConfigException {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(embedded));
    return Config.load(ConfigSource.of("", System.getenv(), all),
        StandaloneConfig.class, ConnectorConfig.class, MediaConfig.class).get(part);
  }
}
