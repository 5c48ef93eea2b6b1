package dev.tapedeck.media.core.rtcp;

/**
 * How long a publisher takes to answer a request for a packet, smoothed as RFC 6298 §2 smooths. Measured by the requests
 * themselves, because nothing else a server that only receives can hear tells it: an ICE-lite agent sends no checks to
 * be answered, the publisher reports on none of our streams, and transport-wide feedback goes one way. It is also the
 * time that counts, the publisher's own delay included. Owned by the worker thread.
 */
public final class RoundTripEstimator {
  /** Used before the first answer. */
  public static final long UNKNOWN_NANOS = 100_000_000;

  /** The shortest time between two requests for one packet, and the longest. */
  static final long MIN_RETRY_NANOS = 20_000_000;
  static final long MAX_RETRY_NANOS = 1_000_000_000;

  private boolean known;
  private long smoothedNanos;
  private long deviationNanos;

  /**
   * A retransmission came. If the packet was asked for more than once nobody can say which request it answers (Karn's
   * rule), but when it comes sooner after the last one than answers do, it answers an earlier one: the round trip has
   * become longer than we wait, and the time since the first request bounds it.
   */
  void answered(long sinceFirstRequestNanos, long sinceLastRequestNanos, boolean askedOnce) {
    if (askedOnce) {
      add(sinceLastRequestNanos);
    } else if (!known || sinceLastRequestNanos < smoothedNanos / 2) {
      add(sinceFirstRequestNanos);
    }
  }

  /** One measurement. */
  public void add(long nanos) {
    if (!known) {
      known = true;
      smoothedNanos = nanos;
      deviationNanos = nanos / 8;
      return;
    }
    deviationNanos += Math.abs(nanos - smoothedNanos) - deviationNanos >> 2;
    smoothedNanos += nanos - smoothedNanos >> 3;
  }

  /** The round trip, 0 before the first answer. */
  public long smoothedNanos() {
    return known ? smoothedNanos : 0;
  }

  /**
   * When a request without an answer is repeated. Two deviations above the mean, not the four of RFC 6298: a needless
   * retransmission costs one packet, a late one freezes a picture.
   */
  public long retryNanos() {
    return known
        ? Math.clamp(smoothedNanos + 2 * deviationNanos, MIN_RETRY_NANOS, MAX_RETRY_NANOS)
        : UNKNOWN_NANOS;
  }
}
