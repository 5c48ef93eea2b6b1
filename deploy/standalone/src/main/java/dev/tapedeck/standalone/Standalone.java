package dev.tapedeck.standalone;

import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.connector.ConnectorServer;
import dev.tapedeck.connector.io.console.Pages;
import dev.tapedeck.connector.io.http.ConnectorHttp;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaNode;
import dev.tapedeck.media.io.net.AddressDiscovery;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.OwnerOnly;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Everything in one place: media server and connector in this process with an embedded store and database, the composer
 * beside it as its own, all behind one HTTP origin.
 */
final class Standalone implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final StandaloneConfig config;
  private final ConnectorServer connector;
  private final MediaNode media;
  private final Optional<Tls> tls;
  private final Javalin http;
  /** Null until its process is started; read by the threads of HTTP. */
  private volatile ComposerProcess composer;

  private Standalone(List<String> settings) throws IOException, ConfigException, RefusedException {
    config = load(settings, StandaloneConfig.class);
    refuseTakenPort();
    try {
      Path data = keep(DataFolder.open(Path.of(config.data()))).path();
      EmbeddedStore store = keep(EmbeddedStore.start(data.resolve("store"), randomKey(), randomKey()));
      connector = keep(ConnectorServer.start(load(settings, ConnectorConfig.class,
          "--grpc.port=0", "--store.uri=" + store.uri())));
      Secrets secrets = connector.secrets();
      MediaConfig mediaConfig = load(settings, MediaConfig.class,
          "--node.connector=127.0.0.1:" + connector.link().port(), "--node.secret=" + secrets.node().reveal());
      TokenVerifier verifier = new TokenVerifier(connector.apps(), List.of(), System::currentTimeMillis);
      media = keep(MediaNode.start(mediaConfig, verifier, connector.metrics()));
      connector.http().readyOnlyIf(() -> media.server().obstacle().isEmpty());
      ComposerProxy proxy = new ComposerProxy(this::composerAddress);
      tls = tls(data);
      tls.ifPresent(opened::push);
      http = Javalin.create(setup -> {
        tls.ifPresent(https -> https.addTo(setup, host(), config.http().port()));
        ConnectorHttp.prepare(setup);
        connector.http().register(setup.routes);
        media.routes().register(setup.routes);
        proxy.register(setup.routes);
        Pages.addTo(setup);
        connector.http().registerFallback(setup.routes);
      });
      opened.push(this::stopHttp);
      listen();
      composer = keep(new ComposerProcess(ProgramHome.find(),
          ComposerSettings.write(data, store.uri(), loopback(), connector), OwnerOnly.file(data.resolve("composer.log"))));
    } catch (IOException | RuntimeException | RefusedException e) {
      closeAfter(e);
      throw e;
    }
  }

  /**
   * Starts everything. The composer may still be on its way when this returns, see {@link #awaitComposer}.
   *
   * @param settings {@code --key=value} arguments for any of the parts
   * @throws ConfigException  with all problems of the settings
   * @throws RefusedException if the data folder or the port cannot be had
   */
  static Standalone start(List<String> settings) throws IOException, ConfigException, RefusedException {
    return new Standalone(settings);
  }

  /** Waits until conversions can be asked for. */
  void awaitComposer() throws IOException {
    composer.awaitListening();
  }

  /** Where pages, API and signalling are, as seen from this machine. */
  public URI origin() {
    return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port(0));
  }

  /** The same over plain HTTP, for programs of this machine that need not trust our certificate. */
  URI loopback() {
    return URI.create("http://127.0.0.1:" + port(tls.isPresent() ? 1 : 0));
  }

  private int port(int connector) {
    return ((ServerConnector) http.jettyServer().server().getConnectors()[connector]).getLocalPort();
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

  /** What a backend of that app shows to the API. */
  String defaultAppSecret() {
    return connector.apps().secrets(defaultApp()).getFirst().reveal();
  }

  /**
   * Stops in the reverse order of the start; what is taped and not stored yet stays in the spool.
   *
   * @throws IllegalStateException when a part did not stop cleanly; the others were stopped all the same
   */
  @Override
  public void close() {
    // Ctrl-C during the start leaves the thread interrupted, and what waits for the end of something would not wait.
    boolean wasInterrupted = Thread.interrupted();
    IllegalStateException failure = new IllegalStateException("a part of the server did not stop cleanly");
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void closeAfter(Exception cause) {
    try {
      close();
    } catch (IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  private Optional<URI> composerAddress() {
    ComposerProcess started = composer;
    return started == null ? Optional.empty() : started.address();
  }

  private void listen() {
    if (tls.isPresent()) {
      http.start(); // on the connectors that Tls has added
    } else {
      http.start(host(), config.http().port());
    }
  }

  /** Before anything else is started, because this is what goes wrong most often. */
  private void refuseTakenPort() throws RefusedException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host(), config.http().port()));
    } catch (IOException e) {
      throw new RefusedException("port " + config.http().port() + " cannot be listened on: " + Problems.say(e)
          + "; give another with --http.port=PORT, 0 for any that is free", e);
    }
  }

  private void stopHttp() {
    connector.http().close();
    http.stop();
  }

  /** The operator's certificate; for everybody without one, our own, because browsers lend no camera to plain HTTP. */
  private Optional<Tls> tls(Path data) throws IOException {
    if (config.tls().cert().isPresent()) {
      return Optional.of(new Tls(Path.of(config.tls().cert().get()), Path.of(config.tls().key().orElseThrow())));
    }
    return config.isPublic()
        ? Optional.of(SelfSigned.in(data, AddressDiscovery.localAddresses(true)))
        : Optional.empty();
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
