package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.room.Slot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** By the server's sender reports a watcher plays sound and picture of one moment together. */
class SynchronyTest {
  private static final long MAX_ERROR_NANOS = 5 * MILLIS;

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void soundAndPictureOfOneMomentMeet(long seed, int workers) {
    // Reports of the two streams take 5 to 45 ms to us: what they say must not depend on it.
    SimLink shaky = new SimLink(5 * MILLIS, 40 * MILLIS, 0.02, 0, 0);
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimPublisher bob = SimPublisher.simulcast(sim, "room0", "bob");
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.OTHER, 1, "alice");
      alice.links(shaky);
      bob.links(shaky);
      alice.join();
      bob.join();
      watcher.join();
      sim.network.run(5 * SECONDS);
      for (int second = 0; second < 30; second++) {
        if (second == 10) {
          sim.server.assign(watcher, new Slot("a0", "bob", ""), new Slot("v0", "bob", ""));
          sim.network.run(3 * SECONDS);
        } else if (second == 20) {
          bob.layers.get(2).flows = false;
          sim.network.run(3 * SECONDS);
        }
        sim.network.run(SECONDS);
        isTogether(watcher);
      }
    });
  }

  private static void isTogether(SimWatcher watcher) {
    SimPacket sound = watcher.audio(0).last();
    SimPacket picture = watcher.video(0).last();
    assertThat(sound.frame().source()).isEqualTo(picture.frame().source());
    long shownApart = watcher.video(0).wallNanos(picture, 90_000) - watcher.audio(0).wallNanos(sound, 48_000);
    long takenApart = picture.frame().captureNanos() - sound.frame().captureNanos();
    assertThat(Math.abs(shownApart - takenApart)).as("picture against sound, nanoseconds").isLessThan(MAX_ERROR_NANOS);
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void reportsTellTheServersWallClockAndWhatWasSent(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      SimPublisher alice = SimPublisher.plain(sim, "room0", "alice");
      SimWatcher watcher = new SimWatcher(sim, "room0", "carol", SimFormats.OTHER, 1, "alice");
      alice.join();
      watcher.join();
      sim.network.run(20 * SECONDS);
      SimPacket picture = watcher.video(0).last();
      long takenWallNanos = SimServer.EPOCH_NANOS + picture.frame().captureNanos();
      // Half of the way is not known to anybody: the picture is placed at its arrival, 20 ms late here.
      assertThat(watcher.video(0).wallNanos(picture, 90_000) - takenWallNanos).isBetween(15 * MILLIS, 25 * MILLIS);
      assertThat(watcher.video(0).reportedPackets)
          .isBetween(watcher.video(0).packets.size() - 150L, (long) watcher.video(0).packets.size());
    });
  }
}
