package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9260 §6.3.1 and §6.3.3. */
class RetransmissionTimeoutTest {
  private static final long MILLISECOND = 1_000_000;

  private final RetransmissionTimeout rto = new RetransmissionTimeout(SctpTimes.defaults());

  @Test
  void beginsWithTheInitialValue() {
    assertThat(rto.rtoNanos()).isEqualTo(1_000 * MILLISECOND);
    assertThat(rto.smoothedNanos()).isZero();
  }

  @Test
  void firstRoundTripCountsThreefold() {
    rto.onRoundTrip(400 * MILLISECOND);
    assertThat(rto.smoothedNanos()).isEqualTo(400 * MILLISECOND);
    assertThat(rto.rtoNanos()).isEqualTo((400 + 4 * 200) * MILLISECOND);
  }

  @Test
  void laterOnesAreSmoothed() {
    rto.onRoundTrip(400 * MILLISECOND);
    rto.onRoundTrip(800 * MILLISECOND);
    // SRTT 7/8 * 400 + 1/8 * 800, RTTVAR 3/4 * 200 + 1/4 * 400
    assertThat(rto.smoothedNanos()).isEqualTo(450 * MILLISECOND);
    assertThat(rto.rtoNanos()).isEqualTo((450 + 4 * 250) * MILLISECOND);
  }

  @Test
  void staysWithinItsBounds() {
    rto.onRoundTrip(1 * MILLISECOND);
    assertThat(rto.rtoNanos()).isEqualTo(400 * MILLISECOND);
    for (int i = 0; i < 10; i++) {
      rto.backOff();
    }
    assertThat(rto.rtoNanos()).isEqualTo(10_000 * MILLISECOND);
  }

  @Test
  void anAnswerEndsTheDoubling() {
    rto.onRoundTrip(200 * MILLISECOND);
    rto.backOff();
    rto.backOff();
    assertThat(rto.rtoNanos()).isEqualTo(2_400 * MILLISECOND);
    rto.onRoundTrip(200 * MILLISECOND);
    assertThat(rto.rtoNanos()).isEqualTo((200 + 4 * 75) * MILLISECOND);
  }
}
