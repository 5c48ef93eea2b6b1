package dev.tapedeck.media.core.bwe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A stream of 1,000 bytes every 10 ms, 800 kbit/s, with a receiver whose clock stands elsewhere. */
class BandwidthEstimatorTest {
  private static final long MILLIS = 1_000_000L;
  private static final long CLOCK = -77_000_000_000L;

  private final BandwidthEstimator estimator = new BandwidthEstimator();
  private long nowNanos = 5_000_000_000L;
  private int sequence = 65_000;

  @Test
  void nothingIsKnownWhileAllIsWell() {
    assertThat(play(300, 0, 0)).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void nothingIsConcludedFromSilence() {
    for (int i = 0; i < 500; i++) {
      nowNanos += 10 * MILLIS;
      estimator.sent(sequence++ & 0xFFFF, nowNanos, 1_000);
      assertThat(estimator.update(nowNanos)).isEqualTo(BandwidthEstimator.UNKNOWN);
    }
  }

  @Test
  void lossTellsWhatArrives() {
    play(200, 0, 0);
    assertThat(play(120, 4, 0)).as("85 % of the 600 kbit/s that arrive").isBetween(480_000L, 530_000L);
  }

  @Test
  void littleLossIsChance() {
    assertThat(play(500, 20, 0)).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void aQueueThatStaysTells() {
    play(200, 0, 0);
    play(60, 0, 600 * MILLIS);
    assertThat(play(120, 0, 600 * MILLIS)).isBetween(600_000L, 720_000L);
  }

  @Test
  void aMomentOfDelayTellsNothing() {
    play(200, 0, 0);
    play(40, 0, 600 * MILLIS);
    assertThat(play(200, 0, 0)).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void itGrowsAgainAndIsForgottenAtLast() {
    play(200, 0, 0);
    long low = play(120, 4, 0);
    long later = play(1_000, 0, 0);
    assertThat(later).as("after ten seconds").isBetween(low * 11 / 10, low * 2);
    for (int seconds = 0; seconds < 120; seconds++) {
      later = play(100, 0, 0);
    }
    assertThat(later).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void theReceiversOwnEstimateBounds() {
    estimator.toldByReceiver(nowNanos, 500_000);
    assertThat(play(200, 0, 0)).isEqualTo(500_000);
    estimator.toldByReceiver(nowNanos, 0);
    assertThat(play(1, 0, 0)).isEqualTo(BandwidthEstimator.LEAST_BITS_PER_SECOND);
  }

  /** Its last word may have been spoken in a bad moment, by a browser that has changed its mind about how to tell. */
  @Test
  void theReceiversOwnEstimateIsForgottenWhenItSaysNothingAnyMore() {
    estimator.toldByReceiver(nowNanos, 500_000);
    assertThat(play(2_900, 0, 0)).as("after 29 seconds").isEqualTo(500_000);
    assertThat(play(110, 0, 0)).as("after 30").isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void feedbackOnWhatWasNeverSentChangesNothing() {
    for (int i = 0; i < 100_000; i++) {
      estimator.missing(i & 0xFFFF);
      estimator.arrived(i * 7 & 0xFFFF, i * 31L * MILLIS);
      estimator.update(nowNanos += MILLIS);
    }
    assertThat(play(200, 0, 0)).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  @Test
  void aClockThatJumpsIsNoQueue() {
    play(200, 0, 0);
    assertThat(play(300, 0, 20_000_000 * MILLIS)).isEqualTo(BandwidthEstimator.UNKNOWN);
  }

  /** @param lossOf one of so many packets is lost; 0 for none */
  private long play(int packets, int lossOf, long queueNanos) {
    long estimate = 0;
    for (int i = 0; i < packets; i++) {
      nowNanos += 10 * MILLIS;
      int number = sequence++ & 0xFFFF;
      estimator.sent(number, nowNanos, 1_000);
      if (lossOf > 0 && i % lossOf == 0) {
        estimator.missing(number);
      } else {
        estimator.arrived(number, nowNanos + CLOCK + queueNanos + i % 3 * MILLIS);
      }
      estimate = estimator.update(nowNanos);
    }
    return estimate;
  }
}
