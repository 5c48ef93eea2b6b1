package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwccRecorderTest {
  private static final long MS = 1_000_000;
  private static final long REFERENCE_CYCLE_NANOS = (1L << 24) * 64 * MS;

  private final TwccRecorder recorder = new TwccRecorder();
  private final MemorySegment memory = MemorySegment.ofArray(new byte[1500]);

  @Test
  void tellsARunInOneChunk() {
    for (int i = 0; i < 8; i++) {
      recorder.onPacket(640 * MS + i * MS, i + 65_532 & 0xFFFF);
    }
    assertThat(recorder.nextTimeoutNanos()).isEqualTo(640 * MS + TwccRecorder.INTERVAL_NANOS);
    int bytes = write(1200);
    assertThat(HexFormat.of().formatHex(memory.asSlice(0, bytes).toArray(Bytes.BYTE)))
        .isEqualTo("8fcd0007" + "00000001" + "00000002" + "fffc0008" + "00000a00" + "2008" + "00040404040404040000");
    assertThat(recorder.hasFeedback()).isFalse();
    assertThat(recorder.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(write(1200)).isZero();
  }

  @Test
  void tellsLossBetweenFeedbacksInTheNextOne() {
    recorder.onPacket(0, 10);
    assertThat(feedback()).containsExactly("TWCC 1 2 base 10 statuses 1 number 0", "10 at 0", "well-formed");
    recorder.onPacket(MS, 13);
    assertThat(feedback()).containsExactly(
        "TWCC 1 2 base 11 statuses 3 number 1", "11 lost", "12 lost", "13 at " + MS, "well-formed");
  }

  @Test
  void beginsAgainAtAPacketThatCameLate() {
    recorder.onPacket(0, 10);
    recorder.onPacket(MS, 12);
    feedback();
    recorder.onPacket(2 * MS, 11);
    assertThat(feedback()).containsExactly(
        "TWCC 1 2 base 11 statuses 2 number 1", "11 at " + 2 * MS, "12 at " + MS, "well-formed");
  }

  @Test
  void keepsTheFirstArrivalOfADuplicate() {
    recorder.onPacket(0, 10);
    recorder.onPacket(5 * MS, 10);
    assertThat(feedback()).contains("10 at 0");
    recorder.onPacket(6 * MS, 10);
    assertThat(recorder.hasFeedback()).isFalse();
  }

  @Test
  void ignoresPacketsFarBehind() {
    recorder.onPacket(0, 1000);
    feedback();
    recorder.onPacket(0, 500);
    assertThat(recorder.hasFeedback()).isFalse();
    recorder.onPacket(0, 501);
    assertThat(recorder.hasFeedback()).isTrue();
  }

  @Test
  void startsAnotherMessageAfterAPauseThatNoDeltaCanTell() {
    recorder.onPacket(0, 1);
    recorder.onPacket(8191 * MS, 2);
    recorder.onPacket(17_000 * MS, 3);
    assertThat(feedback()).containsExactly(
        "TWCC 1 2 base 1 statuses 2 number 0", "1 at 0", "2 at " + 8191 * MS, "well-formed");
    assertThat(recorder.hasFeedback()).isTrue();
    assertThat(feedback()).containsExactly("TWCC 1 2 base 3 statuses 1 number 1", "3 at " + 17_000 * MS, "well-formed");
  }

  @Test
  void survivesTheLargestJumpForward() {
    recorder.onPacket(0, 0);
    recorder.onPacket(MS, 32_767);
    List<String> events = feedback();
    assertThat(events).startsWith("TWCC 1 2 base 24576 statuses 8192 number 0");
    assertThat(events).endsWith("32767 at " + MS, "well-formed");
  }

  @Test
  void getsOnInTheSmallestRoom() {
    recorder.onPacket(0, 0);
    recorder.onPacket(MS, 8191);
    recorder.onPacket(2 * MS, 8193);
    int messages = 0;
    while (recorder.hasFeedback()) {
      assertThat(write(TwccRecorder.MIN_CAPACITY)).isBetween(1, TwccRecorder.MIN_CAPACITY);
      assertThat(++messages).isLessThan(10);
    }
    assertThat(write(TwccRecorder.MIN_CAPACITY - 1)).isZero();
  }

  /** Random loss, reordering, duplicates, pauses, wrap-around, clocks and rooms; what is told is what happened. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void tellsEveryArrivalWithin250Microseconds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double loss = random.nextInt(3) * 0.15;
    int reorder = random.nextInt(3) * 8;
    int capacity = TwccRecorder.MIN_CAPACITY + random.nextInt(1200);
    long now = random.nextLong(-REFERENCE_CYCLE_NANOS, REFERENCE_CYCLE_NANOS);
    int first = random.nextInt(1 << 16);
    Map<Long, Long> arrivals = new HashMap<>();
    Map<Long, Long> told = new HashMap<>();
    List<Long> waiting = new ArrayList<>();
    long highest = first;
    for (long sent = first; sent < first + 30_000L; sent++) {
      if (sent == first || random.nextDouble() >= loss) {
        waiting.add(sent);
      }
      if (!waiting.isEmpty() && (sent == first || waiting.size() > random.nextInt(reorder + 1))) {
        long packet = waiting.remove(random.nextInt(waiting.size()));
        now += random.nextInt(1000) == 0 ? random.nextLong(20_000 * MS) : random.nextLong(3 * MS);
        recorder.onPacket(now, (int) packet & 0xFFFF);
        highest = Math.max(highest, packet);
        if (packet > highest - TwccRecorder.MAX_REORDERED_PACKETS) {
          arrivals.putIfAbsent(packet, now);
        }
      }
      if (recorder.nextTimeoutNanos() <= now) {
        readAll(capacity, highest, told, seed);
      }
    }
    readAll(capacity, highest, told, seed);

    assertThat(arrivals).as("seed %d", seed).hasSizeGreaterThan(15_000);
    assertThat(told.keySet()).as("seed %d", seed).isEqualTo(arrivals.keySet());
    arrivals.forEach((packet, nanos) -> {
      long difference = Math.floorMod(nanos - told.get(packet), REFERENCE_CYCLE_NANOS);
      assertThat(difference).as("seed %d, packet %d", seed, packet).isBetween(0L, 249_999L);
    });
  }

  private void readAll(int capacity, long highest, Map<Long, Long> told, long seed) {
    while (recorder.hasFeedback()) {
      int bytes = write(capacity);
      assertThat(bytes).as("seed %d", seed).isBetween(1, capacity);
      boolean isWellFormed = RtcpReader.read(memory, 0, bytes, new RtcpVisitor() {
        @Override
        public void transportArrival(int transportSequence, long arrivalNanos) {
          told.put(highest + (short) (transportSequence - highest), Math.floorMod(arrivalNanos, REFERENCE_CYCLE_NANOS));
        }

        @Override
        public void transportLoss(int transportSequence) {
          assertThat(told).as("seed %d", seed).doesNotContainKey(highest + (short) (transportSequence - highest));
        }
      });
      assertThat(isWellFormed).as("seed %d", seed).isTrue();
    }
  }

  private List<String> feedback() {
    int bytes = write(1200);
    return RtcpEvents.read(memory.asSlice(0, bytes));
  }

  private int write(int capacity) {
    return recorder.write(memory, 0, capacity, 1, 2);
  }
}
