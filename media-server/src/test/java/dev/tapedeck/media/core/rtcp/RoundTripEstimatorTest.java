package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTripEstimatorTest {
  private static final long MS = 1_000_000;

  private final RoundTripEstimator roundTrip = new RoundTripEstimator();

  @Test
  void theFirstAnswerReplacesTheGuess() {
    assertThat(roundTrip.retryNanos()).isEqualTo(RoundTripEstimator.UNKNOWN_NANOS);
    roundTrip.answered(40 * MS, 40 * MS, true);
    assertThat(roundTrip.retryNanos()).isEqualTo(50 * MS);
  }

  @Test
  void anAnswerToWhoKnowsWhichRequestCountsOnlyWithoutAnyOther() {
    roundTrip.answered(300 * MS, 100 * MS, false);
    assertThat(roundTrip.retryNanos()).isEqualTo(375 * MS);
    roundTrip.answered(900 * MS, 300 * MS, false);
    assertThat(roundTrip.retryNanos()).isEqualTo(375 * MS);
  }

  @Test
  void followsAPathThatBecameSlowerThanItWaits() {
    for (int i = 0; i < 20; i++) {
      roundTrip.answered(50 * MS, 50 * MS, true);
    }
    for (int i = 0; i < 50; i++) {
      roundTrip.answered(300 * MS, 10 * MS, false);
    }
    assertThat(roundTrip.retryNanos()).isBetween(290 * MS, 310 * MS);
  }

  @Test
  void staysWithinItsBounds() {
    roundTrip.add(MS);
    assertThat(roundTrip.retryNanos()).isEqualTo(RoundTripEstimator.MIN_RETRY_NANOS);
    for (int i = 0; i < 100; i++) {
      roundTrip.add(60_000 * MS);
    }
    assertThat(roundTrip.retryNanos()).isEqualTo(RoundTripEstimator.MAX_RETRY_NANOS);
  }
}
