package dev.tapedeck.bench.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerTurnsTest {
  private static final long SEED = 1;

  @Test
  void costIsTheDifferenceOfNeighboursPerPacket() {
    WorkerTurns.Result result = new WorkerTurns.Result(List.of(pair(40_000, 41_000), pair(80_000, 82_000)), 0);

    assertThat(result.addedMicros()).containsExactly(1.0, 2.0);
  }

  @Test
  void whatIdleSessionsCostIsNoPartOfTheBase() {
    WorkerTurns.Result result = new WorkerTurns.Result(List.of(pair(40_000, 41_000)), 10_000_000);

    // 1,000 packets took 40 ms in a second, of which 10 ms are the idle sessions'.
    assertThat(result.baseMicros()).isEqualTo(30, within(1e-9));
    assertThat(result.addedPercent().getFirst()).isEqualTo(100.0 / 30, within(1e-9));
  }

  @Test
  void aSteadyDriftOfTheMachineCancels() {
    List<WorkerTurns.Pair> pairs = IntStream.range(0, 100)
        .mapToObj(i -> i % 2 == 0 ? pair(40_000 + 200 * i, 41_100 + 200 * i) : pair(40_100 + 200 * i, 41_000 + 200 * i))
        .toList();

    assertThat(Interval.of(new WorkerTurns.Result(pairs, 0).addedMicros()).median()).isEqualTo(1, within(1e-9));
  }

  @Test
  void theMedianLiesWithinItsIntervalAsOftenAsPromised() {
    System.out.println("interval: seed " + SEED);
    Random random = new Random(SEED);
    int hits = 0;
    for (int run = 0; run < 2000; run++) {
      // Skewed, as times are; its median is ln 2.
      Interval interval = Interval.of(random.doubles(60).map(value -> -Math.log1p(-value)).boxed().toList());
      hits += interval.from() <= Math.log(2) && Math.log(2) <= interval.to() ? 1 : 0;
    }

    assertThat(hits).isBetween(1880, 1980);
  }

  @Test
  void ofFewValuesTheIntervalIsAllOfThem() {
    assertThat(Interval.of(List.of(3.0, 1.0))).isEqualTo(new Interval(2, 1, 3));
    assertThat(Interval.of(Collections.nCopies(9, 5.0))).isEqualTo(new Interval(5, 5, 5));
  }

  /** A second of 1,000 packets each. */
  private static WorkerTurns.Pair pair(long plainNanosPerPacket, long tapedNanosPerPacket) {
    return new WorkerTurns.Pair(new WorkerTurns.Turn(plainNanosPerPacket * 1000, 1000, 1),
        new WorkerTurns.Turn(tapedNanosPerPacket * 1000, 1000, 1));
  }
}
