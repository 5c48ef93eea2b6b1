package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
  private final ReplayWindow window = new ReplayWindow();

  @Test
  void knowsNothingAtFirst() {
    assertThat(window.highest()).isEqualTo(-1);
    assertThat(window.isFresh(0)).isTrue();
    assertThat(window.isFresh(1L << 47)).isTrue();
  }

  @Test
  void refusesWhatIsTooOldToKnow() {
    window.add(5000);

    assertThat(window.isFresh(5000 - ReplayWindow.WIDTH + 1)).isTrue();
    assertThat(window.isFresh(5000 - ReplayWindow.WIDTH)).isFalse();
  }

  /** The ring agrees with a plain set, through steps back, small steps and jumps over the whole window. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithASetOfIndices(long seed) {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Set<Long> seen = new HashSet<>();
    long highest = -1;
    for (int i = 0; i < 20_000; i++) {
      long index = Math.max(0, highest + random.nextLong(-1500, i % 100 == 0 ? 5000 : 40));
      boolean isFresh = index > highest || (highest - index < ReplayWindow.WIDTH && !seen.contains(index));
      assertThat(window.isFresh(index)).as("index %d after %d", index, highest).isEqualTo(isFresh);
      if (isFresh) {
        window.add(index);
        seen.add(index);
        highest = Math.max(highest, index);
        assertThat(window.highest()).isEqualTo(highest);
        assertThat(window.isFresh(index)).isFalse();
      }
    }
  }
}
