package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpMungerTest {
  private final RtpMunger munger = new RtpMunger(1000, 50);

  private void begin(long sourceSequence, int sourceTimestamp, int timestamp) {
    munger.begin(null, sourceSequence, sourceTimestamp, timestamp);
  }

  @Test
  void theFirstPacketGetsTheFirstNumbers() {
    begin(40_000, 7, munger.lastTimestamp());
    assertThat(munger.map(1, 40_000, 7)).isEqualTo(1000);
    assertThat(munger.epoch(0).timestampOffset).isEqualTo(43);
    assertThat(munger.lastTimestamp()).isEqualTo(50);
    assertThat(munger.lastPacketNanos()).isEqualTo(1);
  }

  @Test
  void holesOfTheSourceStayHolesUntilFilled() {
    begin(10, 0, 0);
    assertThat(munger.map(1, 10, 0)).isEqualTo(1000);
    assertThat(munger.map(2, 14, 400)).isEqualTo(1004);
    assertThat(munger.isNewest(1004)).isTrue();
    assertThat(munger.map(3, 12, 200)).isEqualTo(1002);
    assertThat(munger.isNewest(1002)).isFalse();
    assertThat(munger.lastTimestamp()).as("of the newest packet, not the latest").isEqualTo(400);
    assertThat(munger.lastPacketNanos()).isEqualTo(2);
  }

  @Test
  void whatCameBeforeTheSwitchIsNotShown() {
    begin(10, 0, 0);
    assertThat(munger.map(1, 9, 0)).isEqualTo(-1);
  }

  @Test
  void theNextEpochGoesOnWhereTheLastEnded() {
    begin(10, 0, 0);
    munger.map(1, 10, 0);
    munger.map(1, 11, 90);
    begin(-5, 1_000_000, 180);
    assertThat(munger.map(2, -5, 1_000_000)).isEqualTo(1002);
    assertThat(munger.map(2, -4, 1_000_090)).isEqualTo(1003);
    assertThat(munger.lastTimestamp()).isEqualTo(270);
    assertThat(munger.epochOf(1001)).isZero();
    assertThat(munger.epochOf(1002)).isEqualTo(1);
    assertThat(munger.sourceSequenceNumber(0, 1001)).isEqualTo(11);
    assertThat(munger.sourceSequenceNumber(1, 1002)).isEqualTo(65_531);
  }

  @Test
  void timestampsWrapAround() {
    begin(1, Integer.MAX_VALUE - 10, -20);
    munger.map(1, 1, Integer.MAX_VALUE - 10);
    munger.map(2, 2, Integer.MAX_VALUE + 80);
    assertThat(munger.lastTimestamp()).isEqualTo(70);
  }

  @Test
  void nothingIsKnownOfNumbersThatWereNeverSent() {
    assertThat(munger.epochOf(1000)).isEqualTo(-1);
    begin(10, 0, 0);
    munger.map(1, 10, 0);
    assertThat(munger.epochOf(1001)).isEqualTo(-1);
    assertThat(munger.epochOf(999)).isEqualTo(-1);
  }

  @Test
  void oneEpochMayLastForAnyNumberOfPackets() {
    begin(60_000, 0, 0);
    for (long i = 0; i < 200_000; i++) {
      int mapped = munger.map(i, 60_000 + i, (int) i);
      assertThat(mapped).isEqualTo((int) (1000 + i) & 0xFFFF);
      int behind = mapped - (int) Math.min(i, 100) & 0xFFFF;
      assertThat(munger.epochOf(behind)).as("after %d packets", i).isZero();
      assertThat(munger.sourceSequenceNumber(0, behind)).isEqualTo((int) (60_000 + i - Math.min(i, 100)) & 0xFFFF);
    }
    assertThat(munger.epochOf((int) (1000 + 200_000 - 1 - 20_000) & 0xFFFF)).as("too long ago").isEqualTo(-1);
  }

  @Test
  void onlyTheLastEpochsAreKnown() {
    for (int i = 0; i < 20; i++) {
      begin(100 * i, 0, 100 * i);
      munger.map(i, 100 * i, 0);
    }
    assertThat(munger.epochOf(1019)).isEqualTo(19);
    assertThat(munger.epochOf(1012)).isEqualTo(12);
    assertThat(munger.epochOf(1011)).isEqualTo(-1);
  }

  /** Sources with random holes, lateness and starts; every number must lead back to its packet. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyNumberLeadsBackToItsPacket(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, long[]> sent = new HashMap<>();
    long sequence = 0;
    int epoch = -1;
    for (int i = 0; i < 300_000; i++) {
      if (i == 0 || random.nextInt(5_000) == 0) {
        sequence = random.nextInt(1 << 20);
        begin(sequence, 0, 0);
        epoch++;
      } else {
        sequence += 1 + (random.nextInt(20) == 0 ? random.nextInt(5) : 0);
      }
      long late = random.nextInt(10) == 0 ? sequence - random.nextInt(4) : sequence;
      munger.map(i, sequence, 0);
      int mapped = munger.map(i, late, 0);
      if (mapped >= 0) {
        sent.put(mapped, new long[] {epoch, late});
        assertThat(munger.epochOf(mapped)).as("seed %d", seed).isEqualTo(epoch);
        assertThat(munger.sourceSequenceNumber(epoch, mapped)).isEqualTo((int) late & 0xFFFF);
      }
      long[] before = sent.get(mapped - 1000 & 0xFFFF);
      if (before != null && munger.epochOf(mapped - 1000 & 0xFFFF) == before[0]) {
        assertThat(munger.sourceSequenceNumber((int) before[0], mapped - 1000 & 0xFFFF))
            .isEqualTo((int) before[1] & 0xFFFF);
      }
    }
  }
}
