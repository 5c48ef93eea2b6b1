package dev.tapedeck.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A deployment as it runs in production, on this machine: store, connector, media server and composer, each program a
 * process of its own that can be killed and started again on the data it left. Times are short, so that tests are.
 */
public final class Lab implements AutoCloseable {
  public static final String APP = "alpha";
  public static final String OTHER_APP = "beta";

  private static final Map<String, String> SECRETS = new TreeMap<>(Map.of(
      APP, "app-alpha-secret-of-at-least-32-bytes",
      OTHER_APP, "app-beta-secret-of-at-least-32-bytes-too"));
  private static final long TOKEN_SECONDS = 600;

  private final Path folder;
  private final Map<String, String> mediaSettings;
  private final Map<String, String> connectorSettings;
  private final Map<String, String> mediaEnvironment;
  private final Store store;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop loop = new ClientLoop("clients");
  private final TokenIssuer tokens = new TokenIssuer(apps(), System::currentTimeMillis);
  private final Deque<AutoCloseable> clients = new ArrayDeque<>();

  private ServerProcess connector;
  private ServerProcess media;
  private ServerProcess composer;
  private int starts;

  private Lab(Path folder, Map<String, String> connectorSettings, Map<String, String> mediaSettings,
      Map<String, String> mediaEnvironment) {
    this.folder = folder;
    this.connectorSettings = new LinkedHashMap<>(connectorSettings);
    this.mediaSettings = new LinkedHashMap<>(mediaSettings);
    this.mediaEnvironment = Map.copyOf(mediaEnvironment);
    store = new Store(folder.resolve("store"));
  }

  /** Starts connector and media server with these settings besides the usual ones. */
  public static Lab start(String name, Map<String, String> connectorSettings, Map<String, String> mediaSettings) {
    return start(Folders.empty(Path.of("target", "proofs", name)).toAbsolutePath(), connectorSettings, mediaSettings,
        Map.of());
  }

  /**
   * The same in any empty folder.
   *
   * @param mediaEnvironment what the media server's process has in its environment besides ours
   */
  public static Lab start(Path folder, Map<String, String> connectorSettings, Map<String, String> mediaSettings,
      Map<String, String> mediaEnvironment) {
    Lab lab = new Lab(folder, connectorSettings, mediaSettings, mediaEnvironment);
    try {
      lab.startConnector();
      lab.startMediaServer();
      return lab;
    } catch (RuntimeException | Error e) {
      lab.close();
      throw e;
    }
  }

  public Path folder() {
    return folder;
  }

  public Store store() {
    return store;
  }

  public ServerProcess connector() {
    return connector;
  }

  public ServerProcess mediaServer() {
    return media;
  }

  public ServerProcess composer() {
    return composer;
  }

  /** Starts the connector, after a kill on the ports and data it had. */
  public void startConnector() {
    boolean isRestart = connector != null;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("data", folder.resolve("connector").toString());
    settings.put("http.port", isRestart ? "" + connectorUri().getPort() : "0");
    settings.put("grpc.port", isRestart ? connector.told(2) : "0");
    settings.put("store.uri", store.uri());
    settings.put("room.destroy-after", "2s");
    settings.put("outbound.allow", "127.0.0.1");
    settings.putAll(appSettings());
    settings.putAll(connectorSettings);
    connector = startProgram(Program.CONNECTOR, "connector", settings, List.of(), Map.of());
  }

  /** Starts the media server, after a kill on the port and data it had. */
  public void startMediaServer() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("data", folder.resolve("media-server").toString());
    settings.put("http.port", media == null ? "0" : "" + mediaUri().getPort());
    settings.put("node.connector", "127.0.0.1:" + connector.told(2));
    settings.put("node.secret", nodeSecret());
    settings.put("room.destroy-after", "2s");
    settings.put("record.grace", "1s");
    settings.put("node.drain", "0s");
    settings.put("record.chunk-age", "2s");
    settings.putAll(appSettings());
    settings.putAll(mediaSettings);
    media = startProgram(Program.MEDIA_SERVER, "media-server", settings, List.of(), mediaEnvironment);
  }

  /** Starts the composer's worker over the same store. */
  public void startComposer() {
    startComposer(Map.of());
  }

  /** @param more settings besides the usual ones, after a kill on the data it had */
  public void startComposer(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("composer.store", store.uri());
    settings.put("composer.data", folder.resolve("composer").toString());
    settings.put("composer.poll", "500ms");
    // A job whose store refuses is to wait, not to try: with one attempt, a short refusal shows what a long one does.
    settings.put("composer.max-attempts", "1");
    settings.put("connector.url", connectorUri().toString());
    settings.put("http.port", "0");
    settings.putAll(appSettings());
    settings.putAll(more);
    composer = startProgram(Program.COMPOSER, "composer", settings, List.of("worker"), Map.of());
  }

  /** A backend of {@link #APP} at the connector. */
  public Api api() {
    return api(APP);
  }

  public Api api(String app) {
    return new Api(http, this::connectorUri, SECRETS.getOrDefault(app, "no-secret-of-any-app-here-at-all"));
  }

  /** An administrator of {@link #APP} at the connector. */
  public Api administrator() {
    return new Api(http, this::connectorUri, tokens.user(APP, "keeper", "admin", TOKEN_SECONDS));
  }

  /** A backend of an app at the composer. */
  public Api jobs(String app) {
    return new Api(http, () -> URI.create(composer.told(1)), SECRETS.getOrDefault(app, "no-secret-of-any-app-here-at-all"));
  }

  /** Requests to the media server with this token. */
  public Api atMediaServer(String token) {
    return new Api(http, this::mediaUri, token);
  }

  /** A value of the media server's {@code /metrics}, which has one line of this name. */
  public double metric(String name) {
    return atMediaServer("").get("/metrics").body().lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  /** A recorded participant of {@link #APP}, connected. */
  public SyntheticPublisher join(String room, String peer, List<PublishedTrack> tracks, long seed) {
    return join(APP, Grant.of(room, peer, true), tracks, seed);
  }

  /** A participant that is connected and sends nothing yet. */
  public SyntheticPublisher join(String app, Grant grant, List<PublishedTrack> tracks, long seed) {
    return join(app, grant, tracks, seed, Impairment.NONE);
  }

  /** @param outbound what the network does to what it sends */
  public SyntheticPublisher join(String app, Grant grant, List<PublishedTrack> tracks, long seed, Impairment outbound) {
    return enter(token(app, grant), grant, tracks, seed, outbound);
  }

  /** A participant that comes with this token. */
  public SyntheticPublisher enter(String token, Grant grant, List<PublishedTrack> tracks, long seed) {
    return enter(token, grant, tracks, seed, Impairment.NONE);
  }

  /** What lets a participant publish. */
  public String token(String app, Grant grant) {
    return tokens.media(TokenKind.WHIP, app, grant, TOKEN_SECONDS);
  }

  private SyntheticPublisher enter(
      String token, Grant grant, List<PublishedTrack> tracks, long seed, Impairment outbound) {
    RtcSettings settings = RtcSettings.usual(grant.peer(), seed).withNetwork(Impairment.NONE, outbound)
        .withLocalAddresses(List.of(InetAddress.getLoopbackAddress()));
    SyntheticPublisher publisher = new SyntheticPublisher(loop, http, mediaUri(),
        token, settings, tracks);
    clients.push(publisher);
    try {
      publisher.join();
    } catch (IOException e) {
      throw new UncheckedIOException("peer " + grant.peer() + " did not get into room " + grant.room(), e);
    }
    return publisher;
  }

  /** Origin of the media server; the same after a restart. */
  public String mediaOrigin() {
    return mediaUri().toString();
  }

  /** A token of {@link #APP} for a media door. */
  public String token(TokenKind kind, Grant grant) {
    return tokens.media(kind, APP, grant, TOKEN_SECONDS);
  }

  /** The only recording of a room of {@link #APP}, once its verdict is spoken. */
  public JsonNode finalized(String room) {
    return finalized(APP, room);
  }

  public JsonNode finalized(String app, String room) {
    return Await.until("the verdict of room " + room, () -> api(app).recordings(room),
        all -> all.size() == 1 && all.getFirst().get("state").textValue().equals("finalized")).getFirst();
  }

  public JsonNode manifest(JsonNode recording) {
    return api().json("/api/recordings/" + recording.get("id").longValue() + "/manifest");
  }

  /** What hooks call a recording, {@code app/room/number}, which is also the prefix of its keys. */
  public static String path(JsonNode recording) {
    return recording.get("app").textValue() + "/" + recording.get("room").textValue() + "/"
        + recording.get("id").longValue();
  }

  /** The tape of a recording, read from the store. */
  public Tape tape(JsonNode recording) {
    return Tape.read(store, path(recording));
  }

  @Override
  public void close() {
    closeAll(clients.toArray(AutoCloseable[]::new));
    closeAll(loop, http, composer, media, connector, store);
  }

  private ServerProcess startProgram(Program program, String name, Map<String, String> settings, List<String> command,
      Map<String, String> environment) {
    Path file = folder.resolve(name + ".conf");
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--config", file.toString()));
    return ServerProcess.start(program, folder.resolve(name + "-" + ++starts + ".log"), arguments, environment);
  }

  private URI connectorUri() {
    return URI.create(connector.told(1));
  }

  private URI mediaUri() {
    return URI.create(media.told(1));
  }

  /** The connector drew it at its first start. */
  private String nodeSecret() {
    try {
      return Files.readAllLines(folder.resolve("connector/secrets")).stream()
          .filter(line -> line.startsWith("node = ")).findFirst().orElseThrow().substring("node = ".length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> appSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    SECRETS.forEach((app, secret) -> settings.put("apps." + app + ".secrets", secret));
    return settings;
  }

  private static Apps apps() {
    Map<String, List<Redacted>> secrets = new TreeMap<>();
    SECRETS.forEach((app, secret) -> secrets.put(app, List.of(Redacted.of(secret))));
    return Apps.of(secrets);
  }

  /** Closes all of them, then fails with the first failure. */
  private static void closeAll(AutoCloseable... parts) {
    RuntimeException failure = null;
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception | AssertionError e) {
        failure = failure == null ? new IllegalStateException("a part of the lab did not close", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
