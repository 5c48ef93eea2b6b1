package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to a client change, end and never begin; the session outlives the first and knows the others. */
class IceTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void restartKeepsSessionKeysAndNumbers(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        SimWatcher bob = new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, "");
        alice.join();
        bob.join();
        sim.network.run(5 * SECONDS);
        for (int i = 1; i <= 3; i++) {
          alice.restartIce();
          bob.restartIce();
          sim.network.run(3 * SECONDS);
          assertThat(alice.isNominated() && bob.isNominated()).isTrue();
        }
        Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
        Watched.hasEveryPacket(alice.video().sent, bob.video(0), sim.network.nowNanos() - SECONDS);
        assertThat(bob.rejectedDatagrams()).isZero();
        assertThat(alice.home.events(WorkerEvent.SessionConnected.class)).hasSize(2);
        assertThat(alice.home.events(WorkerEvent.SessionClosed.class)).isEmpty();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void restartFollowsTheClientToAnotherAddress(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        SimWatcher bob = new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, "");
        alice.join();
        bob.join();
        sim.network.run(5 * SECONDS);
        bob.moveTo(SimAddress.of(500, 6000));
        bob.restartIce();
        alice.moveTo(SimAddress.of(501, 6001));
        alice.restartIce();
        long movedNanos = sim.network.nowNanos();
        sim.network.run(10 * SECONDS);

        long settled = sim.network.nowNanos() - 3 * SECONDS;
        Watched.isContinuous(bob.video(0).until(settled));
        Watched.hasEveryPacket(alice.video().sent, bob.video(0), settled);
        assertThat(bob.video(0).packets.values())
            .anyMatch(packet -> packet.arrivalNanos() > movedNanos + SECONDS);
        assertThat(alice.home.events(WorkerEvent.SessionClosed.class)).isEmpty();
      }
    });
  }

  @Test
  void aClientThatMovesWithoutARestartIsFollowedByItsNextNomination() {
    Sim.run(21, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(5 * SECONDS);
      bob.moveTo(SimAddress.of(500, 6000));
      int before = bob.video(0).packets.size();
      sim.network.run(4 * SECONDS);
      assertThat(bob.video(0).packets.size()).isGreaterThan(before + 50);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatFallsSilentIsGoneAfterTheConsentTime(boolean isPublisher) {
    Sim.run(22, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(10 * SECONDS);
      SimClient silent = isPublisher ? alice : bob;
      silent.vanish();
      sim.network.run(26 * SECONDS);
      assertThat(closed(silent)).isEmpty();
      sim.network.run(8 * SECONDS);
      assertThat(closed(silent)).extracting(WorkerEvent.SessionClosed::reason)
          .containsExactly(CloseReason.CONSENT_EXPIRED);
      SimClient other = isPublisher ? bob : alice;
      assertThat(closed(other)).isEmpty();
    });
  }

  @Test
  void aClientThatNeverConnectsIsGoneAfterTheConnectTime() {
    Sim.run(23, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.links(SimLink.DEAD);
      alice.join();
      sim.network.run(14 * SECONDS);
      assertThat(closed(alice)).isEmpty();
      sim.network.run(2 * SECONDS);
      assertThat(closed(alice)).extracting(WorkerEvent.SessionClosed::reason, WorkerEvent.SessionClosed::wasConnected)
          .containsExactly(tuple(CloseReason.CONNECT_TIMEOUT, false));
      assertThat(alice.home.events(WorkerEvent.PeerJoined.class)).isEmpty();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everybodyConnectsThroughThirtyPercentLoss(long seed) {
    Sim.run(seed, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      alice.links(SimLink.GOOD.withLoss(0.3));
      alice.join();
      assertThat(sim.network.runUntil(alice::isConnected, 5 * SECONDS)).isTrue();
      assertThat(sim.network.runUntil(
          () -> alice.home.counters.packetsReceived > 100, 5 * SECONDS + 500 * MILLIS)).isTrue();
    });
  }

  @Test
  void anAddressMayBeUsedAgainByAnotherSession() {
    Sim.run(24, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher carol = new SimWatcher(sim, "room0", "carol", SimFormats.CHROMIUM, 1, "bob");
      alice.join();
      carol.join();
      sim.network.run(2 * SECONDS);
      SimAddress address = alice.address();
      alice.vanish();
      SimPublisher bob = SimPublisher.plain(sim, "room0", "bob");
      bob.moveTo(address);
      bob.join();
      sim.network.run(40 * SECONDS); // alice's session ends meanwhile and must not take bob's path with it
      assertThat(closed(alice)).hasSize(1);
      assertThat(closed(bob)).isEmpty();
      Watched.hasEveryPacket(bob.video().sent, carol.video(0), sim.network.nowNanos() - SECONDS);
    });
  }

  private static List<WorkerEvent.SessionClosed> closed(SimClient client) {
    return client.home.events(WorkerEvent.SessionClosed.class).stream()
        .filter(event -> event.session() == client.spec.id()).toList();
  }
}
