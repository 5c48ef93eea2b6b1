package dev.tapedeck.media.core.sctp;

/** The RTO, from measured round trips and doubled while nothing is answered (RFC 9260 §6.3.1 and 6.3.3). */
final class RetransmissionTimeout {
  /** Clock granularity G: a variation of zero counts as this. */
  private static final long GRANULARITY_NANOS = 1_000_000;

  private final SctpTimes times;
  private long smoothedNanos;
  private long variationNanos;
  private long rtoNanos;

  RetransmissionTimeout(SctpTimes times) {
    this.times = times;
    rtoNanos = times.initialRtoNanos();
  }

  /** Takes the round trip of something that was sent once only (Karn's rule). */
  void onRoundTrip(long nanos) {
    if (smoothedNanos == 0) {
      smoothedNanos = Math.max(nanos, 1);
      variationNanos = nanos / 2;
    } else {
      variationNanos += (Math.abs(smoothedNanos - nanos) - variationNanos) / 4;
      smoothedNanos = Math.max(1, smoothedNanos + (nanos - smoothedNanos) / 8);
    }
    setRto(smoothedNanos + 4 * Math.max(variationNanos, GRANULARITY_NANOS));
  }

  void backOff() {
    setRto(2 * rtoNanos);
  }

  private void setRto(long nanos) {
    rtoNanos = Math.clamp(nanos, times.minRtoNanos(), times.maxRtoNanos());
  }

  long rtoNanos() {
    return rtoNanos;
  }

  /** The smoothed round trip, 0 before the first is measured. */
  long smoothedNanos() {
    return smoothedNanos;
  }
}
