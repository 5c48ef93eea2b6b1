package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalClockTest {
  private static final long WALL = 1_795_000_000_000_000_000L;

  private final ArrivalClock clock = new ArrivalClock();

  @Test
  void wallTimesBecomeMonotonicOnes() {
    clock.pair(5_000_000, WALL);
    assertThat(clock.monotonicNanos(WALL)).isEqualTo(5_000_000);
    assertThat(clock.monotonicNanos(WALL - 1_234)).isEqualTo(5_000_000 - 1_234);
  }

  @Test
  void aClockThatSteppedBetweenGivesTheMomentOfReading() {
    clock.pair(5_000_000, WALL);
    assertThat(clock.monotonicNanos(WALL + 1)).as("set back").isEqualTo(5_000_000);
    assertThat(clock.monotonicNanos(WALL - ArrivalClock.MAX_AGE_NANOS - 1)).as("set forward").isEqualTo(5_000_000);
  }
}
