package dev.tapedeck.media.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold for the packets a watcher got. */
final class Watched {
  private Watched() {}

  /** Sequence numbers have no hole, and frames are told apart by timestamp and marker. */
  static void isContinuous(List<SimPacket> packets) {
    assertThat(packets).isNotEmpty();
    for (int i = 1; i < packets.size(); i++) {
      SimPacket before = packets.get(i - 1);
      SimPacket packet = packets.get(i);
      assertThat(packet.sequence()).as("number behind %s", before).isEqualTo(before.sequence() + 1);
      int step = packet.timestamp() - before.timestamp();
      if (isSamePicture(packet.frame(), before.frame())) {
        assertThat(step).as("timestamp within a frame, %s then %s", before, packet).isZero();
      } else {
        assertThat(step).as("timestamp from %s to %s", before, packet).isPositive();
      }
    }
  }

  private static boolean isSamePicture(SimFrame a, SimFrame b) {
    return a.source() == b.source() && a.layer() == b.layer() && a.frame() == b.frame();
  }

  /** Picture ids and TL0PICIDX count every frame. */
  static void hasContinuousPictureIds(List<SimPacket> packets) {
    for (int i = 1; i < packets.size(); i++) {
      SimPacket before = packets.get(i - 1);
      SimPacket packet = packets.get(i);
      int step = packet.timestamp() == before.timestamp() ? 0 : 1;
      assertThat(packet.pictureId()).as("picture id, %s then %s", before, packet)
          .isEqualTo(before.pictureId() + step & 0x7FFF);
      assertThat(packet.tl0PicIdx()).as("TL0PICIDX, %s then %s", before, packet)
          .isEqualTo(before.tl0PicIdx() + step & 0xFF);
    }
  }

  /** Every packet sent from the first one shown up to a moment is there. */
  static void hasEveryPacket(List<SimFrame> sent, SimSlot slot, long untilNanos) {
    Set<SimFrame> got = new HashSet<>();
    slot.packets.values().forEach(packet -> got.add(packet.frame()));
    int first = sent.indexOf(slot.packets.firstEntry().getValue().frame());
    List<SimFrame> missed = new ArrayList<>();
    for (SimFrame frame : sent.subList(first, sent.size())) {
      if (frame.captureNanos() <= untilNanos && !got.contains(frame)) {
        missed.add(frame);
      }
    }
    assertThat(missed).as("packets that never came").isEmpty();
  }

  static List<Long> steps(List<Long> moments) {
    List<Long> steps = new ArrayList<>();
    for (int i = 1; i < moments.size(); i++) {
      steps.add(moments.get(i) - moments.get(i - 1));
    }
    return steps;
  }
}
