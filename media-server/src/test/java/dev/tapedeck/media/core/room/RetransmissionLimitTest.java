package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetransmissionLimitTest {
  private static final long MILLIS = 1_000_000L;
  private static final long HOURS = 3_600_000L * MILLIS;

  private final RetransmissionLimit limit = new RetransmissionLimit();

  @Test
  void thePacketIsNotSentTwiceWithinAMoment() {
    assertThat(limit.allows(1000 * MILLIS, 7, 1200)).isTrue();
    assertThat(limit.allows(1019 * MILLIS, 7, 1200)).isFalse();
    assertThat(limit.allows(1019 * MILLIS, 8, 1200)).isTrue();
    assertThat(limit.allows(1020 * MILLIS, 7, 1200)).isTrue();
  }

  @Test
  void numberZeroIsLikeAnyOther() {
    assertThat(limit.allows(1, 0, 1200)).isTrue();
    assertThat(limit.allows(2, 0, 1200)).isFalse();
  }

  @Test
  void allTogetherKeepWithinTheBudget() {
    int sent = 0;
    for (int i = 0; i < 1000; i++) {
      sent += limit.allows(1000 * MILLIS, i, 1000) ? 1 : 0;
    }
    assertThat(sent).as("the burst").isEqualTo(250);
    sent = 0;
    for (int i = 0; i < 10_000; i++) {
      sent += limit.allows((1000 + i) * MILLIS, i, 1000) ? 1 : 0;
    }
    assertThat(sent).as("in ten seconds").isBetween(2_490, 2_510);
  }

  /** 300 kbit/s to four videos leave each 937 bytes a second for this, less than a packet. */
  @Test
  void aSmallBudgetSendsWholePacketsNowAndThen() {
    limit.limit(937);
    int sent = 0;
    for (int i = 0; i < 60_000; i += 10) {
      sent += limit.allows((1000 + i) * MILLIS, i, 1_100) ? 1 : 0;
    }
    assertThat(sent).as("packets in a minute").isBetween(45, 57);
  }

  @Test
  void aPauseSavesUpForAFewPacketsOnly() {
    limit.limit(937);
    for (int minutes = 1; minutes <= 3; minutes++) {
      int sent = 0;
      for (int i = 0; i < 100; i++) {
        sent += limit.allows(minutes * HOURS / 60, 1000 * minutes + i, 1_100) ? 1 : 0;
      }
      assertThat(sent).isEqualTo(5);
    }
  }

  @Test
  void manyHoursOfQuietFillTheBudgetOnce() {
    for (int i = 0; i < 250; i++) {
      limit.allows(1000 * MILLIS, i, 1000);
    }
    for (int hours : new int[] {11, 30, 300, 100_000}) {
      int sent = 0;
      for (int i = 0; i < 1000; i++) {
        sent += limit.allows(hours * HOURS, 1000 + i, 1000) ? 1 : 0;
      }
      assertThat(sent).as("after %d hours", hours).isEqualTo(250);
    }
  }
}
