package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrainProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final SpoolCounters counters = new SpoolCounters();
  private final DrainProgress progress = new DrainProgress(counters, 0);

  @Test
  void uploadsThatOnlyFailAreHopelessAfterThreeSeconds() {
    counters.uploadFailures.incrementAndGet();
    assertThat(progress.isHopeless(3 * SECOND - 1)).isFalse();
    assertThat(progress.isHopeless(3 * SECOND)).isTrue();
  }

  @Test
  void aMachineThatIsMerelySlowIsNot() {
    assertThat(progress.isHopeless(3_600 * SECOND)).isFalse();
  }

  /** Little is left at first, because most of it is not taken yet: that is no measure. */
  @Test
  void eachChunkStoredIsProgressHoweverMuchIsLeft() {
    counters.unsentBytes.set(10);
    for (int second = 1; second < 60; second++) {
      counters.unsentBytes.set(1_000_000 - second);
      counters.uploadFailures.incrementAndGet();
      counters.chunksVerified.addAndGet(second % 2);
      assertThat(progress.isHopeless(second * SECOND)).as("second %d", second).isFalse();
    }
  }

  @Test
  void eachRecordingDoneIsProgressAlsoAfterOthersCame() {
    counters.recordings.set(1);
    progress.isHopeless(SECOND);
    counters.recordings.set(9);
    progress.isHopeless(2 * SECOND);
    counters.uploadFailures.incrementAndGet();
    counters.recordings.set(8);
    assertThat(progress.isHopeless(3 * SECOND)).isFalse();
  }
}
