package dev.tapedeck.media.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.wire.Reception;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackReceptionTest {
  private static final long MILLI = 1_000_000;

  private final TrackReception reception = new TrackReception();

  @Test
  void countsAcrossTheWrap() {
    for (int i = 0; i < 10; i++) {
      assertThat(reception.packet(65_530 + i & 0xFFFF, i * MILLI, false)).isTrue();
    }
    assertThat(told().getExpected()).isEqualTo(10);
    assertThat(told().getLost()).isZero();
    assertThat(told().getLongestHoleMs()).isZero();
  }

  @Test
  void lostPacketsMakeAHoleFromNeighbourToNeighbour() {
    reception.packet(1, 0, false);
    reception.packet(2, 10 * MILLI, false);
    reception.packet(5, 40 * MILLI, false);
    assertThat(told().getExpected()).isEqualTo(5);
    assertThat(told().getLost()).isEqualTo(2);
    assertThat(told().getLongestHoleMs()).isEqualTo(30);
  }

  @Test
  void repairClosesTheHole() {
    reception.packet(1, 0, false);
    reception.packet(3, 20 * MILLI, false);
    assertThat(reception.packet(2, 60 * MILLI, true)).isTrue();
    assertThat(told().getLost()).isZero();
    assertThat(told().getRepaired()).isEqualTo(1);
    assertThat(told().getLongestHoleMs()).isZero();
  }

  @Test
  void sameNumberTwiceIsNotCounted() {
    assertThat(reception.has(7)).isFalse();
    assertThat(reception.packet(7, 0, false)).isTrue();
    assertThat(reception.has(7)).isTrue();
    assertThat(reception.has(8)).isFalse();
    assertThat(reception.packet(7, MILLI, true)).isFalse();
    assertThat(reception.packet(8, 2 * MILLI, false)).isTrue();
    assertThat(reception.packet(7, 3 * MILLI, false)).isFalse();
    assertThat(told().getReceived()).isEqualTo(2);
    assertThat(told().getRepaired()).isZero();
  }

  @Test
  void holeLongerThanTheWindowIsStillMeasured() {
    reception.packet(0, 0, false);
    reception.packet(TrackReception.WINDOW * 3, 5000 * MILLI, false);
    assertThat(told().getLost()).isEqualTo(TrackReception.WINDOW * 3 - 1);
    assertThat(told().getLongestHoleMs()).isEqualTo(5000);
  }

  /** D-18: what came too late for a conversation is told apart. */
  @Test
  void aRepairAfterTheLiveDeadlineIsLate() {
    reception.packet(1, 0, false);
    reception.packet(4, 20 * MILLI, false);
    reception.packet(5, 30 * MILLI, false);
    reception.packet(2, 20 * MILLI + TrackReception.LIVE_DEADLINE_NANOS, true);
    reception.packet(3, 21 * MILLI + TrackReception.LIVE_DEADLINE_NANOS, true);
    assertThat(told().getRepaired()).isEqualTo(2);
    assertThat(told().getRepairedLate()).isEqualTo(1);
  }

  @Test
  void countsWhatItsStreamLostSinceTheTapeBegan() {
    long[] counts = {5, 6, 7, 8};
    TrackReception taped = new TrackReception(new StreamLosses() {
      @Override
      public long askedInVain() {
        return counts[0];
      }

      @Override
      public long tooLatePackets() {
        return counts[1];
      }

      @Override
      public long unauthenticPackets() {
        return counts[2];
      }

      @Override
      public long duplicatePackets() {
        return counts[3];
      }
    });
    taped.packet(1, 0, false);
    taped.packet(5, 0, false);
    for (int i = 0; i < counts.length; i++) {
      counts[i] += i + 1;
    }
    Reception told = taped.toWire(nanos -> nanos);
    assertThat(told.getLost()).isEqualTo(3);
    assertThat(told.getAskedInVain()).isEqualTo(1);
    assertThat(told.getTooLate()).isEqualTo(2);
    assertThat(told.getUnauthentic()).isEqualTo(3);
    assertThat(told.getDuplicates()).isEqualTo(4);
    counts[0] = 0;
    assertThat(taped.toWire(nanos -> nanos).getAskedInVain()).as("what was lost before came").isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithCountingByHand(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int first = random.nextInt(65_536);
    int total = 20_000;
    List<int[]> arrivals = new ArrayList<>(); // {number, arrival ms}
    long[] arrivedMillis = new long[total];
    for (int i = 0; i < total; i++) {
      arrivedMillis[i] = -1;
      boolean isEdge = i == 0 || i == total - 1;
      if (isEdge || random.nextInt(100) >= 5) {
        arrivals.add(new int[] {i, i * 2 + (isEdge ? 0 : random.nextInt(30))});
      }
    }
    arrivals.sort((a, b) -> Integer.compare(a[1], b[1]));
    Set<Integer> seen = new HashSet<>();
    for (int[] arrival : arrivals) {
      arrivedMillis[arrival[0]] = arrival[1];
      boolean isNew = reception.packet(first + arrival[0] & 0xFFFF, arrival[1] * MILLI, false);
      assertThat(isNew).isEqualTo(seen.add(arrival[0]));
    }
    long longest = 0;
    int before = 0;
    for (int i = 1; i < total; i++) {
      if (arrivedMillis[i] >= 0) {
        longest = i - before > 1 ? Math.max(longest, arrivedMillis[i] - arrivedMillis[before]) : longest;
        before = i;
      }
    }
    assertThat(told().getExpected()).as("seed %d", seed).isEqualTo(total);
    assertThat(told().getReceived()).as("seed %d", seed).isEqualTo(seen.size());
    assertThat(told().getLost()).as("seed %d", seed).isEqualTo(total - seen.size());
    assertThat((long) told().getLongestHoleMs()).as("seed %d", seed).isEqualTo(longest);
  }

  private Reception told() {
    return reception.toWire(nanos -> nanos);
  }
}
