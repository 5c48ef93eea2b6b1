package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9260 §7.2. */
class CongestionWindowTest {
  private static final int CHUNK = 1000;
  private static final long RTO = 1_000_000_000;

  private final CongestionWindow window = new CongestionWindow(CHUNK, 100_000);

  @Test
  void slowStartAddsAChunkForEachSackOfAFullWindow() {
    assertThat(window.bytes()).isEqualTo(4000);
    window.onAcked(2000, 4000, true, false);
    assertThat(window.bytes()).isEqualTo(5000);
    window.onAcked(2000, 1000, true, false); // it was not in full use
    assertThat(window.bytes()).isEqualTo(5000);
    window.onAcked(2000, 5000, false, false); // the cumulative TSN stood still
    assertThat(window.bytes()).isEqualTo(5000);
  }

  @Test
  void aLossHalvesItOnceInARecovery() {
    grow(20_000);
    window.onLoss(50);
    assertThat(window.bytes()).isEqualTo(10_000);
    window.onLoss(60);
    assertThat(window.bytes()).isEqualTo(10_000);
    window.onCumulativeAck(49);
    assertThat(window.isInFastRecovery()).isTrue();
    window.onCumulativeAck(50);
    assertThat(window.isInFastRecovery()).isFalse();
    window.onLoss(70);
    assertThat(window.bytes()).isEqualTo(5000);
    window.onCumulativeAck(70);
    window.onLoss(80);
    assertThat(window.bytes()).as("never below four chunks").isEqualTo(4000);
  }

  @Test
  void congestionAvoidanceAddsAChunkForEachWindow() {
    grow(20_000);
    window.onLoss(50);
    window.onCumulativeAck(50);
    window.onAcked(1000, 10_000, true, false); // at the threshold it is slow start once more
    for (int i = 0; i < 10; i++) {
      assertThat(window.bytes()).isEqualTo(11_000);
      window.onAcked(1000, 11_000, true, false);
    }
    window.onAcked(1000, 11_000, true, false);
    assertThat(window.bytes()).isEqualTo(12_000);
  }

  @Test
  void aTimeoutLeavesOneChunk() {
    grow(20_000);
    window.onTimeout();
    assertThat(window.bytes()).isEqualTo(1000);
    grow(10_000);
    window.onAcked(1000, 10_000, true, false);
    assertThat(window.bytes()).as("up to half of what was").isEqualTo(11_000);
    window.onAcked(1000, 11_000, true, false);
    assertThat(window.bytes()).isEqualTo(11_000);
  }

  @Test
  void aPauseHalvesItForEachRto() {
    grow(20_000);
    window.beforeSending(0, RTO);
    window.beforeSending(RTO - 1, RTO);
    assertThat(window.bytes()).isEqualTo(20_000);
    window.beforeSending(3 * RTO - 1, RTO);
    assertThat(window.bytes()).isEqualTo(5000);
    window.beforeSending(1000 * RTO, RTO);
    assertThat(window.bytes()).isEqualTo(4000);
  }

  private void grow(long bytes) {
    while (window.bytes() < bytes) {
      window.onAcked(CHUNK, window.bytes(), true, false);
    }
  }
}
