package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Joining and leaving, being replaced and thrown out, and the end of rooms. */
class RoomLifeTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aRoomEndsSomeTimeAfterItsLastSessionAndGivesEverythingBack(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        SimWatcher bob = new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, "");
        alice.join();
        bob.join();
        sim.network.run(5 * SECONDS);
        alice.leave();
        sim.network.run(SECONDS);
        bob.leave();
        SimServer.Node node = alice.home;
        assertThat(node.arena.freeSlots()).as("free packet slots").isEqualTo(SimServer.PACKET_SLOTS);
        assertThat(node.events(WorkerEvent.PeerLeft.class))
            .extracting(WorkerEvent.PeerLeft::peerGone).containsExactly(true);
        assertThat(node.events(WorkerEvent.TrackEnded.class)).hasSize(2);

        sim.network.run(119 * SECONDS);
        assertThat(node.events(WorkerEvent.RoomClosed.class)).isEmpty();
        sim.network.run(2 * SECONDS);
        assertThat(node.events(WorkerEvent.RoomClosed.class)).extracting(WorkerEvent.RoomClosed::instance)
            .containsExactly(node.events(WorkerEvent.RoomOpened.class).getFirst().instance());

        SimPublisher again = SimPublisher.plain(sim, room, "alice");
        again.join();
        sim.network.run(SECONDS);
        assertThat(node.events(WorkerEvent.RoomOpened.class)).extracting(WorkerEvent.RoomOpened::instance)
            .hasSize(2).doesNotHaveDuplicates();
      }
    });
  }

  @Test
  void aClientThatSaysGoodbyeByDtlsHasLeft() {
    Sim.run(30, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.join();
      sim.network.run(SECONDS);
      alice.sayGoodbye();
      sim.network.run(SECONDS);
      assertThat(alice.home.events(WorkerEvent.PeerLeft.class)).extracting(WorkerEvent.PeerLeft::reason)
          .containsExactly(CloseReason.LEFT);
    });
  }

  @Test
  void aRoomThatIsEnteredAgainInTimeStaysTheSame() {
    Sim.run(31, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.join();
      sim.network.run(SECONDS);
      alice.leave();
      sim.network.run(100 * SECONDS);
      SimPublisher again = SimPublisher.plain(sim, "room0", "alice");
      again.join();
      sim.network.run(100 * SECONDS);
      assertThat(again.home.events(WorkerEvent.RoomOpened.class)).hasSize(1);
      assertThat(again.home.events(WorkerEvent.RoomClosed.class)).isEmpty();
    });
  }

  @Test
  void theNewestSessionOfAPeerWinsAndTheOtherIsTold() {
    Sim.run(32, 1, sim -> {
      SimPublisher old = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      old.join();
      bob.join();
      sim.network.run(3 * SECONDS);
      SimPublisher newest = SimPublisher.plain(sim, "room0", "alice");
      newest.join();
      sim.network.run(3 * SECONDS);

      assertThat(old.isClosed()).as("told by close_notify").isTrue();
      assertThat(newest.isClosed()).isFalse();
      assertThat(old.home.events(WorkerEvent.SessionClosed.class))
          .extracting(WorkerEvent.SessionClosed::session, WorkerEvent.SessionClosed::reason)
          .containsExactly(tuple(old.spec.id(), CloseReason.REPLACED));
      assertThat(old.home.events(WorkerEvent.PeerLeft.class))
          .extracting(WorkerEvent.PeerLeft::peerGone).containsExactly(false);
      assertThat(bob.video(0).last().frame().source()).isEqualTo(newest.spec.id());
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
      Watched.hasContinuousPictureIds(bob.video(0).until(Long.MAX_VALUE));
    });
  }

  @Test
  void aPeerIsThrownOutWithAllItsSessions() {
    Sim.run(33, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watching = new SimWatcher(sim, "room0", "alice", SimFormats.OTHER, 1, "");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      List.of(alice, watching, bob).forEach(SimClient::join);
      sim.network.run(2 * SECONDS);
      assertThat(kick(sim, "alice")).isEqualTo(WorkerEvent.Outcome.DONE);
      sim.network.run(SECONDS);
      assertThat(alice.isClosed() && watching.isClosed()).isTrue();
      assertThat(kick(sim, "bob")).as("a peer that only watches").isEqualTo(WorkerEvent.Outcome.DONE);
      sim.network.run(SECONDS);
      assertThat(bob.isClosed()).isTrue();
      assertThat(kick(sim, "bob")).isEqualTo(WorkerEvent.Outcome.NOT_FOUND);
    });
  }

  private static WorkerEvent.Outcome kick(Sim sim, String peer) {
    return sim.server.home("room0").ask(
        request -> new WorkerCommand.KickPeer(request, "app", "room0", peer, "too loud")).outcome();
  }

  @Test
  void closingARoomEndsItAtOnce() {
    Sim.run(34, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      SimServer.Node node = alice.home;
      node.ask(request -> new WorkerCommand.CloseRoom(request, "app", "room0", ""));
      sim.network.run(100 * MILLIS);
      assertThat(alice.isClosed() && bob.isClosed()).isTrue();
      assertThat(node.events(WorkerEvent.SessionClosed.class)).extracting(WorkerEvent.SessionClosed::reason)
          .containsExactly(CloseReason.ROOM_CLOSED, CloseReason.ROOM_CLOSED);
      assertThat(node.events(WorkerEvent.RoomClosed.class)).hasSize(1);
      sim.network.run(300 * SECONDS);
      assertThat(node.events(WorkerEvent.RoomClosed.class)).hasSize(1);
    });
  }

  @Test
  void shutdownEndsEverySession() {
    Sim.run(35, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimPublisher bob = SimPublisher.plain(sim, "room1", "bob");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      assertThat(alice.home.ask(WorkerCommand.Shutdown::new).outcome()).isEqualTo(WorkerEvent.Outcome.DONE);
      assertThat(alice.home.events(WorkerEvent.SessionClosed.class)).extracting(WorkerEvent.SessionClosed::reason)
          .containsExactly(CloseReason.SHUTDOWN, CloseReason.SHUTDOWN);
      assertThat(alice.home.events(WorkerEvent.RoomClosed.class)).hasSize(2);
      assertThat(alice.home.arena.freeSlots()).isEqualTo(SimServer.PACKET_SLOTS);
    });
  }

  @Test
  void oneSessionMoreThanTheLimitIsRefused() {
    WorkerConfig defaults = WorkerConfig.defaults();
    WorkerConfig two = new WorkerConfig(2, defaults.flushPackets(), defaults.flushWindowNanos(),
        defaults.connectTimeoutNanos(), defaults.consentTimeoutNanos(), defaults.destroyAfterNanos(),
        defaults.videoCachePackets(), defaults.audioCachePackets(), defaults.cacheAgeNanos(), defaults.limits());
    Sim.run(36, 1, two, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      WorkerEvent.Answer refused = SimPublisher.plain(sim, "room0", "carol").join();
      assertThat(refused.outcome()).isEqualTo(WorkerEvent.Outcome.LIMIT);
      assertThat(refused.error()).contains("2 sessions");
      sim.network.run(2 * SECONDS);
      assertThat(bob.video(0).packets).isNotEmpty();
      bob.leave();
      assertThat(SimPublisher.plain(sim, "room0", "carol").join().outcome()).isEqualTo(WorkerEvent.Outcome.DONE);
    });
  }
}
