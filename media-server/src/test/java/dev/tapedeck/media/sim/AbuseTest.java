package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Strangers and broken clients are counted and change nothing for anybody else. */
class AbuseTest {
  private static final SimAddress STRANGER = SimAddress.of(9_999, 9_999);

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void aFloodOfRandomDatagramsDisturbsNobody(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 100_000; i++) {
        byte[] garbage = new byte[random.nextInt(1501)];
        random.nextBytes(garbage);
        SimAddress from = i % 3 == 0 ? alice.address() : i % 3 == 1 ? STRANGER : SimAddress.of(i, 1 + i % 65535);
        alice.home.receive(from, garbage);
        if (i % 20 == 0) {
          sim.network.run(MILLIS);
        }
      }
      sim.network.run(2 * SECONDS);

      assertThat(bob.isClosed() || alice.isClosed()).isFalse();
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
      Watched.hasEveryPacket(alice.video().sent, bob.video(0), sim.network.nowNanos() - SECONDS);
      WorkerCounters counters = alice.home.counters;
      List.of(DropReason.UNKNOWN_KIND, DropReason.UNKNOWN_PATH, DropReason.BAD_STUN, DropReason.AUTHENTICATION_FAILED)
          .forEach(reason -> assertThat(counters.drops(reason)).as("%s", reason).isPositive());
    });
  }

  @Test
  void mutilatedPacketsOfARealClientAreDropped() {
    Sim.run(41, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      SplittableRandom random = new SplittableRandom(41);
      long before = alice.home.counters.packetsReceived;
      for (int i = 0; i < 3_000; i++) {
        // Plain RTP and RTCP headers with lengths, extensions and padding that do not fit.
        byte[] packet = new byte[1 + random.nextInt(60)];
        random.nextBytes(packet);
        packet[0] = (byte) (0x80 | packet[0] & 0x3F);
        sim.network.run(MILLIS / 4);
        alice.sendRaw(packet);
      }
      sim.network.run(SECONDS);
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
      assertThat(alice.home.counters.packetsReceived - before).isLessThan(400);
      assertThat(alice.home.counters.drops(DropReason.MALFORMED)).isPositive();
    });
  }

  @Test
  void authenticPacketsOfNoKnownStreamAreCounted() {
    Sim.run(42, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      for (int i = 0; i < 60; i++) {
        byte[] packet = new byte[40];
        packet[0] = (byte) 0x80;
        packet[1] = 50; // a payload type nobody agreed on, and no mid
        packet[8] = (byte) i;
        packet[11] = 1;
        alice.sendRtp(packet, arrivalNanos -> {});
      }
      sim.network.run(2 * SECONDS);
      assertThat(alice.home.counters.drops(DropReason.UNKNOWN_STREAM)).isEqualTo(60);
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
    });
  }

  @Test
  void forgedChecksNeitherOpenAPathNorKeepASessionAlive() {
    Sim.run(43, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.join();
      bob.join();
      sim.network.run(2 * SECONDS);
      long before = alice.home.counters.drops(DropReason.BAD_STUN);
      for (int i = 0; i < 100; i++) {
        bob.sendForgedCheck();
        sim.network.run(10 * MILLIS);
      }
      sim.network.run(SECONDS);
      assertThat(alice.home.counters.drops(DropReason.BAD_STUN) - before).isEqualTo(100);
      assertThat(bob.refusedChecks()).isEqualTo(100);
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
    });
  }

  @Test
  void aReplayedRecordingOfAClientChangesNothing() {
    Sim.run(44, 1, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher bob = new SimWatcher(sim, "room0", "bob", SimFormats.OTHER, 1, "");
      alice.up.become(SimLink.GOOD.withDuplication(1));
      alice.join();
      bob.join();
      sim.network.run(5 * SECONDS);
      assertThat(alice.home.counters.drops(DropReason.REPLAYED)).isGreaterThan(400);
      assertThat(bob.video(0).duplicates).isZero();
      Watched.isContinuous(bob.video(0).until(Long.MAX_VALUE));
    });
  }
}
