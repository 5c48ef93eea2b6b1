package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a path too narrow for all gives layers by priority, and nobody gets less than the least he wants. */
class PriorityTest {
  private static final int PLENTY = 20_000_000;

  private SimMember bob;
  private SimPublisher alice;
  private SimPublisher carol;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theHigherPriorityGetsLayersFirst(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim, config(3, 0), config(1, 0));
      assertThat(shown("video0")).as("nothing is known of the path").isEqualTo(2);
      assertThat(shown("video1")).isEqualTo(2);

      bob.tellBandwidth(1_500_000);
      sim.network.run(4 * SECONDS);
      assertThat(shown("video0")).isEqualTo(2);
      assertThat(shown("video1")).isZero();

      configure("video0", config(1, 0));
      configure("video1", config(3, 0));
      sim.network.run(4 * SECONDS);
      assertThat(shown("video0")).as("now the lower one").isZero();
      assertThat(shown("video1")).isEqualTo(2);

      bob.tellBandwidth(550_000);
      sim.network.run(3 * SECONDS);
      int before = count("video0");
      sim.network.run(3 * SECONDS);
      assertThat(count("video0")).as("there is no room for it").isEqualTo(before);
      assertThat(shown("video1")).isZero();

      bob.tellBandwidth(PLENTY);
      sim.network.run(6 * SECONDS);
      assertThat(shown("video0")).isEqualTo(2);
      assertThat(shown("video1")).isEqualTo(2);
      everythingIsContinuous(sim);
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nobodyGetsLessThanTheLeastHeWants(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim, config(3, 0), config(1, 1));
      bob.tellBandwidth(1_300_000);
      sim.network.run(4 * SECONDS);
      assertThat(shown("video0")).as("what the other one leaves").isLessThan(2);
      assertThat(shown("video1")).isEqualTo(1);

      bob.tellBandwidth(800_000);
      sim.network.run(3 * SECONDS);
      int before = count("video1");
      sim.network.run(3 * SECONDS);
      assertThat(count("video1")).as("rather nothing than the smallest").isEqualTo(before);

      bob.tellBandwidth(40_000);
      sim.network.run(3 * SECONDS);
      before = count("video0");
      sim.network.run(2 * SECONDS);
      assertThat(count("video0")).as("the highest priority is never paused").isGreaterThan(before);
      assertThat(bob.video.get("video1").packets.values()).filteredOn(packet -> packet.frame().layer() == 0)
          .as("what came before the path was known aside").isEmpty();
    });
  }

  /** Nobody says how wide the path is: it is found out by delay and loss, and again when it has become wide. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aNarrowPathIsFoundOut(long seed) {
    Sim.run(seed, 1, sim -> {
      meet(sim, config(3, 0), config(1, 0));
      bob.giveFeedback();
      bob.down.narrowTo(1_000_000);
      sim.network.run(15 * SECONDS);
      int dropped = bob.down.droppedDatagrams();
      int received = count("video0");
      long queuedNanos = 0;
      for (int i = 0; i < 150; i++) {
        sim.network.run(100 * MILLIS);
        queuedNanos += bob.down.queueNanos();
      }
      assertThat(bob.down.droppedDatagrams() - dropped).as("of what is sent now").isLessThan(60);
      assertThat(queuedNanos / 150).as("average wait").isLessThan(400 * MILLIS);
      assertThat(count("video0") - received).as("pictures all the time").isGreaterThan(15 * 30);
      assertThat(shown("video0")).isGreaterThanOrEqualTo(shown("video1"));

      bob.down.narrowTo(PLENTY);
      assertThat(sim.network.runUntil(() -> shown("video0") == 2 && shown("video1") == 2, 90 * SECONDS))
          .as("all comes back").isTrue();
    });
  }

  private void meet(Sim sim, Receiver.Config first, Receiver.Config second) {
    alice = SimPublisher.simulcast(sim, "room0", "alice");
    carol = SimPublisher.simulcast(sim, "room0", "carol");
    bob = new SimMember(sim, "room0", "bob", 0, 2, Config.getDefaultInstance());
    alice.join();
    carol.join();
    bob.join();
    sim.network.run(4 * SECONDS);
    attach("video0", "alice", first);
    attach("video1", "carol", second);
    sim.network.run(4 * SECONDS);
  }

  private void attach(String receiver, String peer, Receiver.Config config) {
    bob.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(receiver)
        .setAttach(Request.Receiver.Attach.newBuilder().setConfig(config)
            .setSource(Receiver.Source.newBuilder().setPeer(peer).setTrack("video_main")))));
  }

  private void configure(String receiver, Receiver.Config config) {
    bob.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(receiver).setConfig(config)));
  }

  private static Receiver.Config config(int priority, int minSpatial) {
    return Receiver.Config.newBuilder().setPriority(priority).setMaxSpatial(2).setMaxTemporal(2)
        .setMinSpatial(minSpatial).build();
  }

  private int shown(String receiver) {
    return bob.video.get(receiver).last().frame().layer();
  }

  private int count(String receiver) {
    return bob.video.get(receiver).packets.size();
  }

  private void everythingIsContinuous(Sim sim) {
    for (SimSlot slot : bob.video.values()) {
      List<SimPacket> packets = slot.until(sim.network.nowNanos() - SECONDS);
      Watched.isContinuous(packets);
      Watched.hasContinuousPictureIds(packets);
    }
  }
}
