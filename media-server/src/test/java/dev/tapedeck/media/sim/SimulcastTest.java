package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers come and go as the publisher's bandwidth does; the watcher sees the best one that flows. */
class SimulcastTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void theBestFlowingLayerIsShownWithoutAFreeze(long seed, int workers) {
    Sim.run(seed, workers, sim -> play(sim, SimLink.GOOD));
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void lossDoesNotBreakTheSwitches(long seed, int workers) {
    Sim.run(seed, workers, sim -> play(sim, SimLink.GOOD.withLoss(0.02)));
  }

  private static void play(Sim sim, SimLink link) {
    for (String room : sim.rooms) {
      SimPublisher alice = SimPublisher.simulcast(sim, room, "alice");
      SimWatcher watcher = new SimWatcher(sim, room, "bob", SimFormats.OTHER, 1, "");
      alice.links(link);
      watcher.links(link);
      alice.layers.get(1).flows = false;
      alice.layers.get(2).flows = false;
      alice.join();
      watcher.join();
      sim.network.run(4 * SECONDS);
      shows(watcher, 0);
      alice.layers.get(1).flows = true;
      sim.network.run(4 * SECONDS);
      shows(watcher, 1);
      alice.layers.get(2).flows = true;
      sim.network.run(4 * SECONDS);
      shows(watcher, 2);
      alice.layers.get(2).flows = false;
      sim.network.run(4 * SECONDS);
      shows(watcher, 1);
      alice.layers.get(1).flows = false;
      sim.network.run(4 * SECONDS);
      shows(watcher, 0);
      alice.layers.get(2).flows = true;
      sim.network.run(4 * SECONDS);
      shows(watcher, 2);

      List<SimPacket> video = watcher.video(0).until(sim.network.nowNanos() - SECONDS);
      Watched.isContinuous(video);
      Watched.hasContinuousPictureIds(video);
      isAligned(video);
      assertThat(switches(video)).as("switches of layers").isEqualTo(5);
      assertThat(Watched.steps(completions(video))).as("time between frames")
          .allMatch(step -> step <= 500 * MILLIS);
    }
  }

  private static void shows(SimWatcher watcher, int layer) {
    assertThat(watcher.video(0).last().frame().layer()).isEqualTo(layer);
  }

  /** When each frame's last packet came. */
  private static List<Long> completions(List<SimPacket> packets) {
    List<Long> moments = new ArrayList<>();
    long latest = 0;
    for (SimPacket packet : packets) {
      latest = Math.max(latest, packet.arrivalNanos());
      if (packet.frame().isLast()) {
        moments.add(latest);
      }
    }
    return moments;
  }

  private static int switches(List<SimPacket> packets) {
    int switches = 0;
    for (int i = 1; i < packets.size(); i++) {
      switches += packets.get(i).frame().layer() != packets.get(i - 1).frame().layer() ? 1 : 0;
    }
    return switches;
  }

  /**
   * The layers' timestamps begin anywhere; at the watcher all lie on one line over the capture time, to 2 ms. Before
   * sender reports came, which the first layer has no need for, nothing is claimed.
   */
  private static void isAligned(List<SimPacket> packets) {
    SimPacket origin = packets.getFirst();
    for (SimPacket packet : packets) {
      long shown = (packet.timestamp() - origin.timestamp()) * SECONDS / 90_000;
      long captured = packet.frame().captureNanos() - origin.frame().captureNanos();
      assertThat(Math.abs(shown - captured)).as("%s against %s", packet, origin).isLessThan(2 * MILLIS);
    }
  }
}
