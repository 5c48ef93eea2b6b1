package dev.tapedeck.composer.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTicksTest {
  private static final long MILLI = 1_000_000;

  private final PictureTicks ticks = new PictureTicks(30);

  /** Six pictures of the clip become five, and the one left out may be the one that begins each second. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void findsEachSecondWhicheverPictureIsLeftOut(int leftOut) {
    for (int counter = 7; counter < 120; counter++) {
      if (counter % 6 != leftOut) {
        ticks.add(7, counter, counter * 1_000 * MILLI / 30);
      }
    }
    assertThat(ticks.ticks()).extracting(PictureTicks.Tick::participant).containsOnly(7).hasSize(3);
    assertThat(ticks.ticks()).extracting(tick -> Math.round((double) tick.nanos() / MILLI))
        .containsExactly(1_000L, 2_000L, 3_000L);
  }

  @Test
  void countsAPictureShownTwiceOnce() {
    List.of(29, 30, 30, 31, 31).forEach(counter -> ticks.add(1, counter, counter * 33 * MILLI));

    assertThat(ticks.ticks()).containsExactly(new PictureTicks.Tick(1, 30 * 33 * MILLI));
  }

  /** Who comes in the middle of a second, or back after a hole, tells of no beginning. */
  @Test
  void knowsNothingOfASecondItDidNotSeeBegin() {
    ticks.add(1, 31, 0);
    ticks.add(1, 75, 10 * MILLI);

    assertThat(ticks.ticks()).isEmpty();
  }

  @Test
  void aClipThatBeginsIsATick() {
    ticks.add(1, 0, 40 * MILLI);

    assertThat(ticks.ticks()).containsExactly(new PictureTicks.Tick(1, 40 * MILLI));
  }
}
