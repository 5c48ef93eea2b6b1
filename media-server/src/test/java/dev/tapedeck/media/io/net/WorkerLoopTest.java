package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.protocol.token.TokenFingerprint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads and real sockets around real workers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerLoopTest {
  private static final Fingerprint WORSE = new Fingerprint("sha-256", "01");

  /** Fails like a mistake of ours would. */
  private static final DtlsTransport.Factory BROKEN = new DtlsTransport.Factory() {
    @Override
    public Fingerprint localFingerprint() {
      return new Fingerprint("sha-256", "00");
    }

    @Override
    public DtlsTransport accept(Fingerprint expected, Runnable wake) {
      if (expected.equals(WORSE)) {
        throw new StackOverflowError("made to fail");
      }
      throw new IllegalStateException("made to fail");
    }
  };

  private static final Revocations NOTHING_REVOKED = new Revocations() {
    @Override
    public boolean isRevoked(TokenFingerprint token) {
      return false;
    }

    @Override
    public void revoke(TokenFingerprint token) {}
  };

  /** Of no question that a group asks itself. */
  private static final long FIRST_REQUEST = 1_000_000;

  private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

  private WorkerGroup start(int workers, boolean forceNio) throws IOException {
    return start(workers, forceNio, events::add);
  }

  private static WorkerGroup start(int workers, boolean forceNio, Consumer<WorkerEvent> events) throws IOException {
    TapeDeck nobodyIsTaped = new TapeDeck(1, null, null, nowNanos -> nowNanos, new SplittableRandom(1), 0);
    return new WorkerGroupFactory(
        List.of(InetAddress.getByName("127.0.0.1")), 0, 1024, forceNio, WorkerConfig.defaults())
        .start(workers, CipherChoice.choose(Optional.empty()), BROKEN, nobodyIsTaped, new SplittableRandom(1),
            (app, connection, info, token) -> null, NOTHING_REVOKED, events);
  }

  private static WorkerCommand broken(long request) {
    return broken(request, new Fingerprint("sha-256", "00"));
  }

  private static WorkerCommand broken(long request, Fingerprint fingerprint) {
    return new WorkerCommand.AddSession(request, new SessionSpec(1L << 32, "c", SessionSpec.Role.PUBLISH, "app",
        Optional.of(new Join(1L << 32, "room", "peer", false, false, Optional.empty(), Presence.of(Optional.empty()))),
        IceCredentials.create(new SplittableRandom(1)), "ufrag",
        fingerprint, true, List.of(), "", "", Optional.empty(),
        Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void survivesACommandThatFails(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(1, forceNio)) {
      WorkerLoop loop = group.units().getFirst().loop();
      for (int i = 0; i < 10; i++) {
        loop.submit(broken(1_000_000 + i));
      }
      WorkerEvent.Answer answer = group.ask(0, request -> new WorkerCommand.ReadSlots(request, 5));
      assertThat(answer.outcome()).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCommandThatFailsIsAnsweredAtOnce(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(1, forceNio)) {
      WorkerEvent.Answer answer = group.ask(0, WorkerLoopTest::broken);
      assertThat(answer.outcome()).isEqualTo(WorkerEvent.Outcome.FAILED);
      assertThat(answer.error()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goesOnAfterAnErrorToo(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(1, forceNio)) {
      assertThat(group.ask(0, request -> broken(request, WORSE)).outcome()).isEqualTo(WorkerEvent.Outcome.FAILED);
      WorkerEvent.Answer answer = group.ask(0, request -> new WorkerCommand.ReadSlots(request, 5));
      assertThat(answer.outcome()).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    }
  }

  /** A leave must not overtake the media before it, which wait in the socket while the worker is held up. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCommandComesAfterTheDatagramsBeforeIt(boolean forceNio) throws Exception {
    int datagrams = 10 * UdpTransport.RECEIVE_BATCH; // more than one turn takes
    AtomicReference<WorkerGroup> running = new AtomicReference<>();
    CountDownLatch isHeldUp = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    CompletableFuture<Long> receivedBefore = new CompletableFuture<>();
    Consumer<WorkerEvent> hold = event -> {
      if (event instanceof WorkerEvent.Answer answer && answer.request() == FIRST_REQUEST) {
        isHeldUp.countDown();
        awaitUnchecked(mayGoOn);
      } else if (event instanceof WorkerEvent.Answer answer && answer.request() == FIRST_REQUEST + 1) {
        receivedBefore.complete(running.get().units().getFirst().counters().datagramsReceived);
      }
    };
    try (WorkerGroup group = start(1, forceNio, hold); DatagramSocket stranger = new DatagramSocket()) {
      running.set(group);
      WorkerLoop loop = group.units().getFirst().loop();
      loop.submit(new WorkerCommand.ReadSlots(FIRST_REQUEST, 5));
      isHeldUp.await();
      for (int i = 0; i < datagrams; i++) {
        stranger.send(new DatagramPacket(new byte[] {(byte) 0xFF, 1, 2}, 3, group.addresses(0).getFirst()));
      }
      loop.submit(new WorkerCommand.ReadSlots(FIRST_REQUEST + 1, 5));
      mayGoOn.countDown();
      assertThat(receivedBefore.get()).isEqualTo(datagrams);
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Were one wake-up lost, an answer would take until the longest wait is over, ten times a second. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersManyCommandsOneAfterTheOther(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(1, forceNio)) {
      for (int i = 0; i < 5_000; i++) {
        group.ask(0, request -> new WorkerCommand.ReadSlots(request, 5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countsWhatStrangersSend(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(3, forceNio); DatagramSocket stranger = new DatagramSocket()) {
      for (int worker = 0; worker < 3; worker++) {
        stranger.send(new DatagramPacket(new byte[] {(byte) 0xFF, 1, 2}, 3, group.addresses(worker).getFirst()));
      }
      for (int worker = 0; worker < 3; worker++) {
        int number = worker;
        while (group.units().get(worker).counters().datagramsReceived == 0) {
          // Each answer is given after a turn of the loop, and makes its counters visible here.
          group.ask(number, request -> new WorkerCommand.ReadSlots(request, 5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roomsAreSpreadAndStayWhereTheyAre(boolean forceNio) throws Exception {
    try (WorkerGroup group = start(3, forceNio)) {
      try (RoomHomes.Home a = group.home("app", "a");
          RoomHomes.Home b = group.home("app", "b");
          RoomHomes.Home c = group.home("app", "c");
          RoomHomes.Home again = group.home("app", "a")) {
        assertThat(List.of(a.worker(), b.worker(), c.worker())).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(again.worker()).isEqualTo(a.worker());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPortInUseStopsTheStart(boolean forceNio) throws Exception {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      WorkerGroupFactory factory = new WorkerGroupFactory(List.of(InetAddress.getByName("127.0.0.1")),
          taken.getLocalPort(), 1024, forceNio, WorkerConfig.defaults());
      TapeDeck deck = new TapeDeck(1, null, null, nowNanos -> nowNanos, new SplittableRandom(1), 0);
      assertThatThrownBy(() -> factory.start(
          1, CipherChoice.choose(Optional.empty()), BROKEN, deck, new SplittableRandom(1),
          (app, connection, info, token) -> null,
          NOTHING_REVOKED, events::add))
          .hasMessageContaining("UDP port " + taken.getLocalPort());
    }
  }
}
