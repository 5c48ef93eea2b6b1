package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceClockTest {
  private static final long MILLIS = 1_000_000L;
  private static final long SECONDS = 1_000 * MILLIS;

  private final SourceClock clock = new SourceClock();

  @Test
  void theFastestReportCounts() {
    clock.note(0, 100 * MILLIS);
    assertThat(clock.sourceNanos(100 * MILLIS)).isZero();
    clock.note(SECONDS, SECONDS + 20 * MILLIS);
    assertThat(clock.sourceNanos(SECONDS + 20 * MILLIS)).isEqualTo(SECONDS);
    clock.note(2 * SECONDS, 2 * SECONDS + 500 * MILLIS);
    assertThat(clock.sourceNanos(2 * SECONDS)).as("one slow report changes it by 200 ppm at most")
        .isBetween(2 * SECONDS - 20 * MILLIS - MILLIS, 2 * SECONDS - 20 * MILLIS);
  }

  /** An hour with a clock that runs wrong and reports that take 10 to 60 ms. */
  @ParameterizedTest
  @ValueSource(longs = {-100, 0, 100})
  void followsAClockThatRunsWrong(long partsPerMillion) {
    SplittableRandom random = new SplittableRandom(partsPerMillion);
    long worst = 0;
    for (long second = 0; second < 3600; second++) {
      long wall = second * SECONDS;
      long source = 5 * SECONDS + wall + wall / 1_000_000 * partsPerMillion;
      clock.note(source, wall + 10 * MILLIS + random.nextLong(50 * MILLIS));
      if (second > 30) {
        worst = Math.max(worst, Math.abs(source - clock.sourceNanos(wall + 10 * MILLIS)));
      }
    }
    assertThat(worst).isLessThan(15 * MILLIS);
  }

  @Test
  void aClockThatWasSetIsFollowedAtOnceWhenForward() {
    clock.note(0, SECONDS);
    clock.note(3_600 * SECONDS, 2 * SECONDS);
    assertThat(clock.sourceNanos(2 * SECONDS)).isEqualTo(3_600 * SECONDS);
  }
}
