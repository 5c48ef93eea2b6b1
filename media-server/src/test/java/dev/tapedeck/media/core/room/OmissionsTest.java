package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OmissionsTest {
  @Test
  void numbersAreAsTheyWereUntilOneIsLeftOut() {
    Omissions omissions = new Omissions(100);
    assertThat(omissions.count(5_000_000)).isEqualTo(5_000_000);
    assertThat(omissions.numberOf(-3)).isEqualTo(-3);
  }

  @Test
  void leavingOutTwiceIsLeavingOutOnce() {
    Omissions omissions = new Omissions(0);
    omissions.leaveOut(7);
    omissions.leaveOut(7);
    assertThat(omissions.total()).isEqualTo(1);
    assertThat(omissions.count(8)).isEqualTo(7);
    assertThat(omissions.numberOf(7)).isEqualTo(8);
    assertThat(omissions.isLeftOut(7)).isTrue();
  }

  @Test
  void whatIsTooOldIsForgotten() {
    Omissions omissions = new Omissions(0);
    omissions.leaveOut(10);
    omissions.leaveOut(3 * Omissions.REMEMBERED);
    assertThat(omissions.count(11)).isEqualTo(Omissions.FORGOTTEN);
    assertThat(omissions.numberOf(11)).isEqualTo(Omissions.FORGOTTEN);
    assertThat(omissions.isLeftOut(10)).isFalse();
  }

  @Test
  void anEmptiedNumberCounts() {
    Omissions omissions = new Omissions(0);
    omissions.leaveOut(70);
    omissions.empty(65);
    assertThat(omissions.isEmptied(65)).isTrue();
    assertThat(omissions.isEmptied(66)).isFalse();
    assertThat(omissions.count(66)).isEqualTo(66);
  }

  /** Against a list that keeps everything: random steps, runs of omissions, jumps across all that is remembered. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void countsAsAListWould(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long number = random.nextInt(1 << 16);
    Omissions omissions = new Omissions(number);
    List<Long> leftOut = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      number += random.nextInt(500) == 0 ? random.nextInt(5_000) : 1 + random.nextInt(3);
      if (random.nextInt(100) < (i / 1_000 % 3) * 40) {
        omissions.leaveOut(number);
        leftOut.add(number);
      } else {
        omissions.advance(number);
      }
      long asked = number - random.nextInt(Omissions.REMEMBERED - 64);
      if (!omissions.isLeftOut(asked)) {
        long expected = asked - before(leftOut, asked);
        assertThat(omissions.count(asked)).as("seed %d, number %d", seed, asked).isEqualTo(expected);
        assertThat(omissions.numberOf(expected)).as("seed %d, counted %d", seed, expected).isEqualTo(asked);
      } else {
        assertThat(leftOut).contains(asked);
      }
    }
  }

  private static long before(List<Long> leftOut, long number) {
    int index = Collections.binarySearch(leftOut, number);
    return index < 0 ? -index - 1 : index;
  }
}
