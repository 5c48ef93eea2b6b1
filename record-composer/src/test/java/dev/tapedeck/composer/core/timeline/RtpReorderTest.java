package dev.tapedeck.composer.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpReorderTest {
  private static final int CLOCK_RATE = 90_000;
  private static final long MILLI = 1_000_000L;

  private record Sent(long number, int timestamp, long arrivalNanos) {}

  /** Whatever jitter, loss and duplication do, over many wraps of both counters. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void restoresTheSendingOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int firstSequence = random.nextInt(1 << 16);
    int firstTimestamp = random.nextInt();
    List<Sent> taped = new ArrayList<>();
    List<Sent> once = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      // 30,000 ticks apart: the timestamp wraps every 140,000 packets.
      Sent sent = new Sent(i, firstTimestamp + i * 30_000, i * 333 * MILLI + random.nextLong(2_000 * MILLI));
      if (random.nextInt(20) != 0 || i == 0) {
        taped.add(sent);
        once.add(sent);
        if (random.nextInt(30) == 0) {
          taped.add(new Sent(sent.number, sent.timestamp, sent.arrivalNanos + random.nextLong(1_000 * MILLI)));
        }
      }
    }
    taped.sort((a, b) -> Long.compare(a.arrivalNanos, b.arrivalNanos));
    RtpReorder reorder = new RtpReorder();
    for (Sent sent : taped) {
      reorder.add((int) (firstSequence + sent.number) & 0xFFFF, sent.timestamp, sent.arrivalNanos, sent.number, 1);
    }

    RtpSequence packets = reorder.order(CLOCK_RATE);

    assertThat(packets.size()).isEqualTo(once.size());
    assertThat(packets.counts().duplicatePackets()).isEqualTo(taped.size() - once.size());
    for (int i = 0; i < packets.size(); i++) {
      long number = once.get(i).number;
      assertThat(packets.offset(i)).as("seed %d, packet %d", seed, i).isEqualTo(number);
      assertThat(packets.rtpTime(i) - packets.rtpTime(0)).isEqualTo((number - once.getFirst().number) * 30_000);
    }
    assertThat(packets.missingPackets()).isEqualTo(once.getLast().number - once.getFirst().number + 1 - once.size());
  }

  @Test
  void countsTheTimestampWrapsThatASilenceHides() {
    RtpReorder reorder = new RtpReorder();
    long tenHoursNanos = 36_000 * 1000 * MILLI;
    reorder.add(1, 100, 0, 0, 1);
    reorder.add(2, (int) (100 + 36_000L * CLOCK_RATE), tenHoursNanos, 1, 1);

    RtpSequence packets = reorder.order(CLOCK_RATE);

    assertThat(packets.rtpTime(1) - packets.rtpTime(0)).isEqualTo(36_000L * CLOCK_RATE);
  }

  @Test
  void saysWhereAndHowMuchIsMissing() {
    RtpReorder reorder = new RtpReorder();
    for (int sequence : new int[] {65_534, 65_535, 3, 4}) {
      reorder.add(sequence, 0, 0, 0, 1);
    }

    RtpSequence packets = reorder.order(CLOCK_RATE);

    assertThat(packets.missingBefore(2)).isEqualTo(3);
    assertThat(packets.missingBefore(3)).isZero();
    assertThat(packets.missingPackets()).isEqualTo(3);
  }

  @Test
  void standsNumbersChosenToHurt() {
    RtpReorder reorder = new RtpReorder();
    for (int i = 0; i < 1_000_000; i++) {
      reorder.add(i * 32_767 & 0xFFFF, i, i, i, 1);
    }

    RtpSequence packets = reorder.order(CLOCK_RATE);

    assertThat(packets.size() + packets.counts().duplicatePackets() + packets.counts().outlierPackets())
        .isEqualTo(1_000_000);
    for (int i = 1; i < packets.size(); i++) {
      assertThat(packets.sequence(i)).isGreaterThan(packets.sequence(i - 1));
    }
  }
}
