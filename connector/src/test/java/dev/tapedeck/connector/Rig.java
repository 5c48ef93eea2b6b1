package dev.tapedeck.connector;

import dev.tapedeck.connector.core.audit.AdminKeys;
import dev.tapedeck.connector.core.record.RecordingLife;
import dev.tapedeck.connector.core.room.RoomLife;
import dev.tapedeck.connector.io.admin.AdminDesk;
import dev.tapedeck.connector.io.grpc.ChunkDesk;
import dev.tapedeck.connector.io.grpc.MediaLinkServer;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.http.ConnectorHttp;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.life.Life;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.media.io.connector.CommandListener;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.NodeHello;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The connector's inside with a real database, store and socket, and a clock that the test moves. */
public final class Rig implements AutoCloseable {
  public static final String SECRET = "acme-secret-acme-secret-acme-secret";
  public static final Redacted NODE_SECRET = Redacted.of("node-secret-node-secret-node-secret");
  public static final Apps APPS = Apps.of(Map.of(
      "acme", List.of(Redacted.of(SECRET)), "other", List.of(Redacted.of("other-secret-other-secret-other"))));

  /** Two, as while one takes the place of the other. */
  public static final List<Redacted> ADMIN_KEYS =
      List.of(Redacted.of("admin-key-one-admin-key-one-admin"), Redacted.of("admin-key-two-admin-key-two-admin"));

  /** Unix milliseconds. */
  public final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  public final RealStore real;
  public final ObjectStore objects;
  public final Database database;
  public final SigningKeys keys;
  public final Hooks hooks;
  public final Feed feed;
  public final Life life;
  public final MediaLinkServer link;
  public final TokenVerifier tokens;

  public Rig(Path folder, Redacted databaseUrl, List<Hook> hooks) throws Exception {
    real = new RealStore(folder.resolve("store"));
    objects = new ObjectStore(real.uri(), Optional.empty());
    database = Database.open(databaseUrl);
    Secrets.loadOrCreate(folder, new SecureRandom());
    keys = SigningKeys.loadOrCreate(folder, new SecureRandom(), clock.get());
    this.hooks = new Hooks(hooks);
    feed = new Feed(this.hooks, 30);
    life = new Life(database, objects, feed, Duration.ofDays(30), keys,
        new RoomLife(Duration.ofSeconds(120), Duration.ofSeconds(30)),
        new RecordingLife(RecordingLife.Limits.DEFAULT), clock::get, new SplittableRandom(1), () -> { });
    tokens = new TokenVerifier(APPS, List.of(NODE_SECRET), clock::get).refusing(life.revocations()::isRevoked);
    ChunkDesk desk = new ChunkDesk(database, objects, feed, Duration.ofMinutes(10), clock::get, () -> { });
    link = MediaLinkServer.start(new InetSocketAddress("127.0.0.1", 0), tokens, life.intake(), desk, () -> { });
  }

  /** A media server with the number 7. */
  public ConnectorClient client(int port, long incarnation, EventOutbox outbox) {
    return client(port, 7, incarnation, outbox, Heartbeat.getDefaultInstance());
  }

  public ConnectorClient client(int port, int node, long incarnation, EventOutbox outbox, Heartbeat heartbeat) {
    ConnectorClient client = new ConnectorClient(new InetSocketAddress("127.0.0.1", port),
        NodeHello.newBuilder().setNode(node).setIncarnation(incarnation).setVersion("test").build(), NODE_SECRET, outbox,
        command -> CommandResult.newBuilder().setRecording(command.getCommandId()).build(),
        () -> heartbeat, clock::get, new SplittableRandom(2));
    client.start();
    return client;
  }

  /** A media server that carries orders out in this way. */
  public ConnectorClient client(int port, int node, EventOutbox outbox, CommandListener commands) {
    ConnectorClient client = new ConnectorClient(new InetSocketAddress("127.0.0.1", port),
        NodeHello.newBuilder().setNode(node).setIncarnation(1).setVersion("test").build(), NODE_SECRET, outbox,
        commands, Heartbeat::getDefaultInstance, clock::get, new SplittableRandom(2));
    client.start();
    return client;
  }

  /** What administrators of the app {@code acme} stand on. */
  public ConnectorHttp.Administration administration() {
    return administration(AdminDesk.ANSWER_TIMEOUT);
  }

  /** @param answerTimeout how long an administrator waits for a media server */
  public ConnectorHttp.Administration administration(Duration answerTimeout) {
    return new ConnectorHttp.Administration(AdminKeys.of(Map.of("acme", ADMIN_KEYS), APPS),
        new AdminDesk(database, link.streams(), life.revocations(), life.refusals(), answerTimeout, clock::get),
        life.stats());
  }

  public List<FeedRows.Entry> feed(String app) {
    return database.read(handle -> FeedRows.after(handle, app, 0, 10_000));
  }

  public List<String> kinds(String app) {
    return feed(app).stream().map(FeedRows.Entry::kind).toList();
  }

  public RecordingRows.Recording recording(String app, long recording) {
    return database.read(handle -> RecordingRows.find(handle, app, recording)).orElseThrow();
  }

  @Override
  public void close() throws Exception {
    link.close();
    life.close();
    database.close();
    objects.close();
    real.close();
  }
}
