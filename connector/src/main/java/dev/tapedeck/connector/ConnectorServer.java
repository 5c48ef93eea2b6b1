package dev.tapedeck.connector;

import dev.tapedeck.connector.core.audit.AdminKeys;
import dev.tapedeck.connector.core.record.RecordingLife;
import dev.tapedeck.connector.core.room.RoomLife;
import dev.tapedeck.connector.io.admin.AdminDesk;
import dev.tapedeck.connector.io.grpc.ChunkDesk;
import dev.tapedeck.connector.io.grpc.MediaLinkServer;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.connector.io.hook.HookDelivery;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.http.ConnectorHttp;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.life.Intake;
import dev.tapedeck.connector.io.life.Life;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.StoreProbe;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.outbound.OutboundPolicy;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The whole connector but its HTTP server: the main class gives it one of its own, standalone one that it shares. */
public final class ConnectorServer implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Secrets secrets;
  private final Apps apps;
  private final TokenIssuer issuer;
  private final SigningKeys keys;
  private final MediaLinkServer link;
  private final ConnectorHttp http;
  private final HookDelivery hooks;
  private final Life life;

  /**
   * Opens everything and begins to work.
   *
   * @throws IOException with the reason, when the store, a port, or the secrets cannot be used
   */
  public static ConnectorServer start(ConnectorConfig config) throws IOException {
    return new ConnectorServer(config);
  }

  private ConnectorServer(ConnectorConfig config) throws IOException {
    SecureRandom random = new SecureRandom();
    try {
      secrets = Secrets.loadOrCreate(Path.of(config.data()), random);
      keys = SigningKeys.loadOrCreate(Path.of(config.data()), random, System.currentTimeMillis());
      apps = apps(config, secrets);
      AdminKeys adminKeys = adminKeys(config, secrets, apps);
      issuer = new TokenIssuer(apps, System::currentTimeMillis);
      ObjectStore objects = keep(objectStore(config, random));
      Database database = keep(Database.open(databaseUrl(config)));
      Hooks endpoints = hooks(config, apps, secrets);
      Feed feed = new Feed(endpoints, config.nodeId());
      hooks = keep(new HookDelivery(database, endpoints,
          OutboundPolicy.of(Set.of("http", "https"), config.outbound().allow()), System::currentTimeMillis, random));
      life = keep(new Life(database, objects, feed, config.events().keep(), keys,
          new RoomLife(config.room().destroyAfter(), config.recording().nodeLost()),
          new RecordingLife(new RecordingLife.Limits(config.recording().nodeLost(), config.recording().uploadTimeout(),
              config.recording().crashTimeout())), System::currentTimeMillis, random, hooks::wake));
      TokenVerifier verifier = new TokenVerifier(apps, List.of(secrets.node()), System::currentTimeMillis)
          .refusing(life.revocations()::isRevoked);
      ChunkDesk desk = new ChunkDesk(database, objects, feed, config.store().uploadValidity(), System::currentTimeMillis,
          life::wake);
      life.start();
      hooks.start();
      link = keep(link(config, verifier, life.intake(), desk));
      AdminDesk adminDesk =
          new AdminDesk(database, link.streams(), life.revocations(), life.refusals(), AdminDesk.ANSWER_TIMEOUT,
              System::currentTimeMillis);
      http = new ConnectorHttp(new ConnectorHttp.Parts(apps, verifier, issuer,
          new ConnectorHttp.Administration(adminKeys, adminDesk, life.stats()), database, objects, life.watch(), feed,
          endpoints, keys, metrics, config.http().publicUrl(), System::currentTimeMillis, random, hooks::wake));
      new ConnectorMetrics(metrics, database, System::currentTimeMillis)
          .count(link.streams(), life.watch(), endpoints, config.recording());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where to listen: for this machine alone unless the operator said otherwise. */
  public static String host(ConnectorConfig config) {
    return config.isPublic() ? "0.0.0.0" : "127.0.0.1";
  }

  /** What signs manifests. */
  public SigningKeys signingKeys() {
    return keys;
  }

  /** Routes for a Javalin. */
  public ConnectorHttp http() {
    return http;
  }

  /** Where media servers dial, and commands to them. */
  public MediaLinkServer link() {
    return link;
  }

  public Secrets secrets() {
    return secrets;
  }

  public Apps apps() {
    return apps;
  }

  public TokenIssuer issuer() {
    return issuer;
  }

  public PrometheusMeterRegistry metrics() {
    return metrics;
  }

  /** Stops in the reverse order of the start: first what brings work, last what keeps it. */
  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the connector did not stop", e);
      }
    }
  }

  private <C extends AutoCloseable> C keep(C part) {
    opened.push(part);
    return part;
  }

  private MediaLinkServer link(ConnectorConfig config, TokenVerifier verifier, Intake intake, ChunkDesk desk)
      throws IOException {
    try {
      return MediaLinkServer.start(
          new InetSocketAddress(host(config), config.grpc().port()), verifier, intake, desk, this::eventsStored);
    } catch (IOException e) {
      throw new IOException(Problems.ofPort("grpc.port", config.grpc().port(), e), e);
    }
  }

  private void eventsStored() {
    life.wake();
    hooks.wake();
  }

  /** Opens the stores of all apps, and tries each before anything is recorded into it. */
  private static ObjectStore objectStore(ConnectorConfig config, SecureRandom random) throws IOException {
    Map<String, StoreUri> byApp = new LinkedHashMap<>();
    for (Map.Entry<String, ConnectorConfig.App> app : config.apps().entrySet()) {
      if (app.getValue().storeUri().isPresent()) {
        String setting = "apps." + app.getKey() + ".store-uri";
        StoreUri place = storeUri(setting, app.getValue().storeUri().get());
        try (ObjectStore store = new ObjectStore(place, Optional.empty())) {
          probe(store, setting, random);
        }
        byApp.put(app.getKey(), place);
      }
    }
    ObjectStore objects = new ObjectStore(
        storeUri("store.uri", config.store().uri()), config.store().publicEndpoint(), byApp);
    try {
      probe(objects, "store.uri", random);
      return objects;
    } catch (IOException e) {
      objects.close();
      throw e;
    }
  }

  private static void probe(ObjectStore store, String setting, SecureRandom random) throws IOException {
    new StoreProbe(store, setting).run(HexFormat.of().toHexDigits(random.nextLong()));
  }

  private static StoreUri storeUri(String key, Redacted uri) throws IOException {
    try {
      return StoreUri.parse(uri.reveal());
    } catch (StoreUriException e) {
      throw new IOException(key + ": " + e.getMessage(), e);
    }
  }

  /** Where its rows are: as configured, else a file in the data folder. */
  public static Redacted databaseUrl(ConnectorConfig config) {
    return config.database().url()
        .orElseGet(() -> Redacted.of("sqlite:" + Path.of(config.data()).resolve("connector.db")));
  }

  private static Apps apps(ConnectorConfig config, Secrets secrets) {
    Map<String, List<Redacted>> byApp = new LinkedHashMap<>();
    config.apps().forEach((app, settings) -> byApp.put(app, settings.secrets()));
    boolean hasSecret = byApp.values().stream().anyMatch(list -> !list.isEmpty());
    if (!hasSecret) {
      byApp.put(Secrets.DEFAULT_APP, List.of(secrets.app()));
    }
    return Apps.of(byApp);
  }

  /** The drawn key is for an app that was given none. */
  private static AdminKeys adminKeys(ConnectorConfig config, Secrets secrets, Apps apps) {
    Map<String, List<Redacted>> byApp = new LinkedHashMap<>();
    config.apps().forEach((app, settings) -> byApp.put(app, settings.adminKeys()));
    boolean isDrawn = apps.ids().contains(Secrets.DEFAULT_APP)
        && byApp.getOrDefault(Secrets.DEFAULT_APP, List.of()).isEmpty();
    if (isDrawn) {
      byApp.put(Secrets.DEFAULT_APP, List.of(secrets.admin()));
    }
    byApp.values().removeIf(List::isEmpty);
    return AdminKeys.of(byApp, apps);
  }

  private static Hooks hooks(ConnectorConfig config, Apps apps, Secrets secrets) {
    List<Hook> hooks = new ArrayList<>();
    config.hooks().forEach((name, hook) -> {
      if (!apps.ids().contains(hook.app())) {
        throw new IllegalArgumentException("hooks." + name + ".app is " + hook.app() + ", which is no app");
      }
      hooks.add(new Hook(hook.app(), name, hook.url(), hook.secret().orElse(secrets.hook()), hook.style(),
          hook.events()));
    });
    return new Hooks(hooks);
  }
}
