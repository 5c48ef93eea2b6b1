package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** temporal layers are left out as a member asks, and nobody can tell that they were ever there. */
class TemporalTest {
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void limitsAreHeldAndEverythingShownCanBeDecoded(long seed, int workers) {
    Sim.run(seed, workers, sim -> play(sim, SimLink.GOOD, SimLink.GOOD, 0));
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void lossOnTheWayToTheMemberIsRepaired(long seed, int workers) {
    Sim.run(seed, workers, sim -> play(sim, SimLink.GOOD, SimLink.GOOD.withLoss(0.03), 0));
  }

  /** What is repaired late belongs to pictures that were left out meanwhile: their numbers come without payload. */
  @ParameterizedTest
  @MethodSource("dev.tapedeck.media.sim.Sim#worlds")
  void lossAndReorderingOnTheWayToUsLeaveNoHole(long seed, int workers) {
    Sim.run(seed, workers, sim -> play(
        sim, SimLink.GOOD.withLoss(0.03).withReordering(0.05), SimLink.GOOD.withLoss(0.02), 1));
  }

  private static void play(Sim sim, SimLink up, SimLink down, int lateness) {
    SplittableRandom random = new SplittableRandom(sim.network.seed);
    for (String room : sim.rooms) {
      SimPublisher alice = SimPublisher.plain(sim, room, "alice");
      alice.hasTemporalLayers = true;
      alice.links(up);
      alice.join();
      SimMember bob = new SimMember(sim, room, "bob", 0, 1, Config.getDefaultInstance());
      bob.links(down);
      bob.join();
      sim.network.run(3 * SECONDS);
      bob.ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName("video0")
          .setAttach(Request.Receiver.Attach.newBuilder().setConfig(config(2))
              .setSource(Receiver.Source.newBuilder().setPeer("alice").setTrack("video_main")))));
      List<Span> spans = new ArrayList<>();
      for (int step = 0, most = 2; step < 8; step++) {
        long since = sim.network.nowNanos() + SECONDS; // by then the request was heard and, upwards, a sync picture came
        sim.network.run(SECONDS + random.nextLong(3 * SECONDS));
        spans.add(new Span(since, sim.network.nowNanos(), most));
        most = step == 6 ? 2 : random.nextInt(3);
        bob.ask(Request.newBuilder()
            .setReceiver(Request.Receiver.newBuilder().setName("video0").setConfig(config(most))));
      }
      sim.network.run(2 * SECONDS);
      check(sim, alice.video(), bob.video.get("video0"), spans, lateness);
    }
  }

  /** Between two moments this was the greatest layer. */
  private record Span(long sinceNanos, long untilNanos, int most) {}

  private static void check(Sim sim, SimPublisher.Layer sent, SimSlot slot, List<Span> spans, int lateness) {
    List<SimPacket> all = slot.until(sim.network.nowNanos() - SECONDS);
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).sequence()).as("number behind %s", all.get(i - 1)).isEqualTo(all.get(i - 1).sequence() + 1);
    }
    List<SimPacket> packets = all.stream().filter(packet -> packet.frame() != null).toList();
    assertThat(packets).hasSizeGreaterThan(100);
    if (lateness == 0) {
      assertThat(packets).as("no number stands for nothing").hasSameSizeAs(all);
      Watched.isContinuous(packets);
      hasContinuousIds(sent.temporal(), packets);
      canBeDecoded(sent.temporal(), packets);
    } else {
      assertThat(packets.size()).as("%d with payload of %d", packets.size(), all.size()).isLessThan(all.size());
    }
    for (Span span : spans) {
      boolean isReached = false;
      for (SimPacket packet : packets) {
        long captured = packet.frame().captureNanos();
        if (captured > span.sinceNanos && captured < span.untilNanos) {
          int tid = sent.temporal().of(packet.frame().frame()).tid();
          assertThat(tid).as("%s under limit %d", packet, span.most).isLessThanOrEqualTo(span.most);
          isReached |= tid == span.most;
        }
      }
      assertThat(isReached || span.untilNanos - span.sinceNanos < SECONDS).as("layer %d is shown", span.most).isTrue();
    }
  }

  private static void hasContinuousIds(SimTemporal temporal, List<SimPacket> packets) {
    for (int i = 1; i < packets.size(); i++) {
      SimPacket before = packets.get(i - 1);
      SimPacket packet = packets.get(i);
      boolean isNext = packet.frame().frame() != before.frame().frame();
      assertThat(packet.pictureId()).as("picture id, %s then %s", before, packet)
          .isEqualTo(before.pictureId() + (isNext ? 1 : 0) & 0x7FFF);
      boolean isBase = isNext && temporal.of(packet.frame().frame()).tid() == 0;
      assertThat(packet.tl0PicIdx()).as("TL0PICIDX, %s then %s", before, packet)
          .isEqualTo(before.tl0PicIdx() + (isBase ? 1 : 0) & 0xFF);
    }
  }

  /** Each picture is whole, and so were those it refers to. */
  private static void canBeDecoded(SimTemporal temporal, List<SimPacket> packets) {
    Set<Integer> decoded = new HashSet<>();
    int parts = 0;
    for (int i = 0; i < packets.size(); i++) {
      SimFrame part = packets.get(i).frame();
      parts = part.index() == 0 ? 1 : parts + 1;
      if (part.isLast()) {
        assertThat(parts).as("packets of %s", part).isEqualTo(part.packets());
        assertThat(decoded).as("references of %s %s", part, temporal.of(part.frame()))
            .containsAll(temporal.of(part.frame()).references());
        decoded.add(part.frame());
      }
    }
  }

  private static Receiver.Config config(int maxTemporal) {
    return Receiver.Config.newBuilder().setPriority(1).setMaxSpatial(2).setMaxTemporal(maxTemporal).build();
  }
}
