package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** what a member is told of its receivers, and the layers it asks for. */
class ReceiverTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void voiceIsToldTwiceASecondAsLongAsItLasts(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        alice.join();
        SimMember bob = new SimMember(sim, room, "bob", 1, 0, Config.getDefaultInstance());
        bob.join();
        sim.network.run(2 * SECONDS);
        bob.ask(attach("audio0", "audio_main", 2));
        sim.network.run(2 * SECONDS);
        assertThat(voices(bob)).as("before anybody speaks").isEmpty();
        alice.audio.audioLevel = 0x80 | 30;
        sim.network.run(5 * SECONDS);
        alice.audio.audioLevel = 77;
        sim.network.run(SECONDS);
        List<SimMember.Told> voices = voices(bob);
        assertThat(voices).hasSizeBetween(9, 11);
        assertThat(voices.getLast().event().getReceiver().getVoiceActivity().getAudioLevel()).isBetween(-33, -29);
        for (int i = 1; i < voices.size(); i++) {
          assertThat(voices.get(i).nowNanos() - voices.get(i - 1).nowNanos()).isGreaterThan(400 * MILLIS);
        }
        int before = voices.size();
        sim.network.run(5 * SECONDS);
        assertThat(voices(bob)).as("after the voice").hasSize(before);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void noLayerAboveTheGreatestIsShown(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.simulcast(sim, room, "alice");
        alice.join();
        SimMember bob = new SimMember(sim, room, "bob", 0, 1, Config.getDefaultInstance());
        SimMember carol = new SimMember(sim, room, "carol", 0, 1, Config.getDefaultInstance());
        bob.join();
        carol.join();
        sim.network.run(4 * SECONDS);
        bob.ask(attach("video0", "video_main", 0));
        carol.ask(attach("video0", "video_main", 2));
        sim.network.run(5 * SECONDS);
        assertThat(bob.heard).isNotEmpty().allMatch(heard -> heard.frame().layer() == 0);
        assertThat(carol.heard.getLast().frame().layer()).isEqualTo(2);

        int keyFrames = alice.layers.get(1).keyFrames();
        bob.ask(configure("video0", 1));
        sim.network.run(3 * SECONDS);
        assertThat(bob.heard.getLast().frame().layer()).isEqualTo(1);
        assertThat(alice.layers.get(1).keyFrames()).as("was asked for").isGreaterThan(keyFrames);

        carol.ask(configure("video0", 0));
        sim.network.run(3 * SECONDS);
        assertThat(carol.heard.getLast().frame().layer()).isZero();
        sim.network.run(SECONDS);
        assertThat(last(bob).getTransmit().getSpatial()).isEqualTo(1);
        assertThat(last(carol).getTransmit().getSpatial()).isZero();
        assertThat(last(bob).getTransmit().getBitrateKbps()).isLessThan(last(bob).getSource().getBitrateKbps());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void statsTellOfBothHops(long seed, int workers) {
    Sim.run(seed, workers, sim -> {
      for (String room : sim.rooms) {
        SimPublisher alice = SimPublisher.plain(sim, room, "alice");
        alice.links(SimLink.GOOD.withLoss(0.1));
        alice.join();
        SimMember bob = new SimMember(sim, room, "bob", 1, 1, Config.getDefaultInstance());
        bob.join();
        sim.network.run(4 * SECONDS);
        bob.ask(attach("audio0", "audio_main", 2));
        sim.network.run(21 * SECONDS);
        assertThat(bob.toldOf("video0")).as("receives nothing").isEmpty();
        List<ServerEvent.Receiver.Stats> stats = stats(bob, "audio0");
        assertThat(stats).hasSizeBetween(9, 10);
        int kilobits = 50 * 93 * 8 / 1000; // 50 packets a second of what SimFrame.opus makes
        assertThat(stats).allSatisfy(one -> {
          assertThat(one.getSource().getBitrateKbps()).isBetween(kilobits * 2 / 3, kilobits + 1);
          assertThat(one.getTransmit().getBitrateKbps()).isBetween(kilobits * 2 / 3, kilobits + 1);
          assertThat(one.getSource().getLost()).isBetween(0f, 0.3f);
          assertThat(one.getSource().getJitter()).isBetween(0f, 0.05f);
        });
        assertThat(stats.stream().mapToDouble(one -> one.getSource().getLost()).average().orElseThrow())
            .isBetween(0.05, 0.15);
      }
    });
  }

  private static Request.Builder attach(String receiver, String track, int maxSpatial) {
    return Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(receiver)
        .setAttach(Request.Receiver.Attach.newBuilder()
            .setSource(Receiver.Source.newBuilder().setPeer("alice").setTrack(track)).setConfig(config(maxSpatial))));
  }

  private static Request.Builder configure(String receiver, int maxSpatial) {
    return Request.newBuilder()
        .setReceiver(Request.Receiver.newBuilder().setName(receiver).setConfig(config(maxSpatial)));
  }

  private static Receiver.Config config(int maxSpatial) {
    return Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(maxSpatial).setMaxTemporal(2).build();
  }

  private static List<SimMember.Told> voices(SimMember member) {
    return member.toldOf("audio0").filter(told -> told.event().getReceiver().hasVoiceActivity()).toList();
  }

  private static List<ServerEvent.Receiver.Stats> stats(SimMember member, String receiver) {
    return member.toldOf(receiver).map(told -> told.event().getReceiver())
        .filter(ServerEvent.Receiver::hasStats).map(ServerEvent.Receiver::getStats).toList();
  }

  private static ServerEvent.Receiver.Stats last(SimMember member) {
    return stats(member, "video0").getLast();
  }
}
