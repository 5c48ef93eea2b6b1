package dev.tapedeck.media.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.media.MediaServer;
import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.connector.NodeRevocations;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.RoomInfoPublish;
import dev.tapedeck.protocol.wire.RoomInfoSubscribe;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** three workers with their threads and sockets, and clients that go from room to room and from server to server. */
class MeetingOverSocketsTest {
  private static final String APP = "acme";
  private static final Apps APPS = Apps.of(Map.of(APP, List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));
  private static final long DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();

  /** Clearly more than what may be on its way. */
  private static final int SOME_PACKETS = 20;

  @TempDir Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
  private final Tapes tapes = new Tapes();

  /** A server with its address. */
  private record Running(MediaServer server, Javalin javalin) implements AutoCloseable {
    private URI base() {
      return URI.create("http://127.0.0.1:" + javalin.port());
    }

    @Override
    public void close() throws InterruptedException {
      javalin.stop();
      server.close();
    }
  }

  /** Knows which tapes have ended. */
  private static final class Tapes implements SlabSink {
    private final Queue<TapeClosed> closed = new ConcurrentLinkedQueue<>();

    @Override
    public Slab take() {
      return new Slab(ByteBuffer.allocateDirect(RecordLimits.DEFAULT.slabBytes()));
    }

    @Override
    public Pressure pressure() {
      return Pressure.NONE;
    }

    @Override
    public void offer(TapeMessage message) {
      if (message instanceof TapeMessage.TapeEnded ended) {
        closed.add(ended.closed());
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private Running start(boolean nio) throws Exception {
    MediaConfig config = Config.load(ConfigSource.of("", Map.of(), List.of(
        "--media.addresses=127.0.0.1", "--media.workers=3", "--media.nio=" + nio)), MediaConfig.class)
        .get(MediaConfig.class);
    SecureRandom random = new SecureRandom();
    TapeDeck deck = new TapeDeck(1, RecordLimits.DEFAULT, tapes,
        nowNanos -> System.currentTimeMillis() * 1_000_000L, random, Duration.ofSeconds(15).toNanos());
    MediaServer server = MediaServer.start(config, new TokenVerifier(APPS, List.of(), System::currentTimeMillis), deck,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), NodeRevocations.open(
            folder.resolve("revoked-tokens-" + opened.size()), System::currentTimeMillis), events::add, Optional::empty);
    Running running =
        new Running(server, Javalin.create(setup -> server.routes().register(setup.routes)).start("127.0.0.1", 0));
    opened.add(running);
    return running;
  }

  private LiveMember connected(Running running, String peer, String room) throws Exception {
    return connected(running, peer, room, SrtpProfile.AEAD_AES_128_GCM);
  }

  private LiveMember connected(Running running, String peer, String room, SrtpProfile profile) throws Exception {
    LiveMember member = new LiveMember(peer, profile);
    opened.add(member);
    assertThat(member.connect(running.base(), token(room, peer), Optional.of(join(room, peer)))).isEqualTo(200);
    await("connection of " + peer, () -> joined(member, room));
    return member;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void membersMeetWhereverTheirSocketsAre(boolean nio) throws Exception {
    Running running = start(nio);
    LiveMember ann = connected(running, "ann", "a");
    // He travels with packets that his workers complete late.
    LiveMember ben = connected(running, "ben", "b", SrtpProfile.AES128_CM_HMAC_SHA1_80);
    LiveMember cat = connected(running, "cat", "c");

    visit(ben, "a");
    ben.listenTo("ann");
    ann.listenTo("ben");
    await("ann and her guest hear each other", () -> hears(ben, ann) && hears(ann, ben));
    String connection = ben.connection();
    assertThat(ben.restart(running.base(), expiredToken("a", "ben"))).as("of a live connection").isEqualTo(200);
    assertThat(ben.connection()).isEqualTo(connection);
    int before = ben.heard(ann.voice());
    int beforeOther = ann.heard(ben.voice());
    await("both go on behind the guest's other port", () ->
        ben.heard(ann.voice()) > before + SOME_PACKETS && ann.heard(ben.voice()) > beforeOther + SOME_PACKETS);

    visit(ben, "c");
    ben.listenTo("cat");
    cat.listenTo("ben");
    await("so do the next host and the guest", () -> hears(ben, cat) && hears(cat, ben));
    visit(ben, "b");
    visit(cat, "b");
    cat.listenTo("ben");
    ben.listenTo("cat");
    int atHome = cat.heard(ben.voice());
    int atHomeOther = ben.heard(cat.voice());
    await("and a guest of its own at home", () ->
        cat.heard(ben.voice()) > atHome + SOME_PACKETS && ben.heard(cat.voice()) > atHomeOther + SOME_PACKETS);
    assertThat(running.server().workers().units().stream().mapToLong(unit -> unit.counters().guestsReceived).sum())
        .as("moves to another worker than that of the socket").isEqualTo(3);
    assertThat(ben.connection()).isEqualTo(connection);

    opened.remove(running);
    running.close();
    assertThat(tapes.closed).extracting(end -> end.getTape().getPeer() + " in " + end.getTape().getRoom())
        .containsExactlyInAnyOrder(
            "ann in a", "ben in b", "cat in c", "ben in a", "ben in c", "ben in b", "cat in b");
    assertThat(events).filteredOn(WorkerEvent.SessionClosed.class::isInstance).as("sessions").hasSize(3);
  }

  /** The client knows only that nobody answers any more, whatever became of the server. */
  @Test
  void aRestartOfIceAtANewServerRestoresJoinAndSubscriptions() throws Exception {
    Running first = start(false);
    LiveMember ann = connected(first, "ann", "a");
    LiveMember ben = connected(first, "ben", "a");
    ann.listenTo("ben");
    ben.listenTo("ann");
    await("both hear each other", () -> hears(ann, ben) && hears(ben, ann));
    String annBefore = ann.connection();
    String benBefore = ben.connection();
    opened.remove(first);
    opened.add(first.server());
    first.javalin().stop();
    Running second = start(false);

    assertThat(ann.restart(second.base(), expiredToken("a", "ann"))).as("of a connection unknown here").isEqualTo(401);
    assertThat(ann.restart(second.base(), token("b", "ann"))).as("for another room").isEqualTo(403);
    assertThat(ann.restart(second.base(), token("a", "ann"))).isEqualTo(200);
    assertThat(ben.restart(second.base(), token("a", "ben"))).isEqualTo(200);
    int annHeard = ann.heard(ben.voice());
    int benHeard = ben.heard(ann.voice());
    await("nobody had to ask again", () ->
        ann.heard(ben.voice()) > annHeard + SOME_PACKETS && ben.heard(ann.voice()) > benHeard + SOME_PACKETS);
    assertThat(List.of(ann.connection(), ben.connection())).doesNotContain(annBefore, benBefore);
  }

  /** Goes to another room over the data channel. */
  private static void visit(LiveMember member, String room) throws Exception {
    long before = joins(member, room);
    member.join(join(room, member.peer()), token(room, member.peer()));
    await(member.peer() + " in " + room, () -> joins(member, room) > before);
  }

  private static boolean joined(LiveMember member, String room) {
    return member.isConnected() && joins(member, room) > 0;
  }

  private static long joins(LiveMember member, String room) {
    return member.told.stream().filter(event -> event.getSession().getJoined().getRoom().equals(room)).count();
  }

  private static boolean hears(LiveMember listener, LiveMember speaker) {
    return listener.heard(speaker.voice()) > SOME_PACKETS;
  }

  private static RoomJoin join(String room, String peer) {
    return RoomJoin.newBuilder().setRoom(room).setPeer(peer)
        .setPublish(RoomInfoPublish.newBuilder().setPeer(true).setTracks(true))
        .setSubscribe(RoomInfoSubscribe.newBuilder().setPeers(true).setTracks(true)).build();
  }

  private static String token(String room, String peer) {
    return new TokenIssuer(APPS, System::currentTimeMillis)
        .media(TokenKind.WEBRTC, APP, TokenIssuer.Grant.of(room, peer, true), 600);
  }

  private static String expiredToken(String room, String peer) {
    return new TokenIssuer(APPS, () -> System.currentTimeMillis() - Duration.ofHours(1).toMillis())
        .media(TokenKind.WEBRTC, APP, TokenIssuer.Grant.of(room, peer, true), 600);
  }

  private static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(DEADLINE_NANOS);
      LockSupport.parkNanos(1_000_000L);
    }
  }
}
