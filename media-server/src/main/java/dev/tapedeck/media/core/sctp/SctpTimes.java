package dev.tapedeck.media.core.sctp;

/**
 * How long an association waits, and how often (RFC 9260 §16). A request of a session has five seconds to be answered,
 * so lost packets at the end of a burst are repeated sooner than the RFC's general values say.
 *
 * @param initialRtoNanos        before the first round trip is measured. Default 1 s
 * @param minRtoNanos            above the delay of a peer's SACK, or a lone packet would be repeated for nothing.
 *                               Default 400 ms
 * @param maxRtoNanos            the doubling ends here. Default 10 s
 * @param sackDelayNanos         longest wait for a second packet to acknowledge (RFC 9260 §6.2). Default 100 ms
 * @param heartbeatNanos         idle time before a HEARTBEAT, with the RTO and some chance on top. Default 30 s
 * @param cookieLifetimeNanos    how old a state cookie may come back. Default 60 s
 * @param maxInitRetransmits     of INIT, and of COOKIE ECHO. Default 8
 * @param maxRetransmits         in a row without any answer, of anything else. Default 10
 */
public record SctpTimes(
    long initialRtoNanos,
    long minRtoNanos,
    long maxRtoNanos,
    long sackDelayNanos,
    long heartbeatNanos,
    long cookieLifetimeNanos,
    int maxInitRetransmits,
    int maxRetransmits) {
  private static final long MILLISECOND = 1_000_000;

  public SctpTimes {
    if (minRtoNanos <= 0 || initialRtoNanos < minRtoNanos || maxRtoNanos < initialRtoNanos) {
      throw new IllegalArgumentException("RTO must be 0 < min <= initial <= max, is " + minRtoNanos + ", "
          + initialRtoNanos + ", " + maxRtoNanos + " ns");
    }
    if (sackDelayNanos < 0 || sackDelayNanos > 500 * MILLISECOND) {
      throw new IllegalArgumentException("SACK delay is " + sackDelayNanos + " ns, at most 500 ms (RFC 9260 §6.2)");
    }
    if (heartbeatNanos <= 0 || cookieLifetimeNanos <= 0 || maxInitRetransmits < 0 || maxRetransmits < 0) {
      throw new IllegalArgumentException("heartbeat and cookie times must be above 0, retransmits not below");
    }
  }

  public static SctpTimes defaults() {
    return new SctpTimes(1_000 * MILLISECOND, 400 * MILLISECOND, 10_000 * MILLISECOND, 100 * MILLISECOND,
        30_000 * MILLISECOND, 60_000 * MILLISECOND, 8, 10);
  }
}
