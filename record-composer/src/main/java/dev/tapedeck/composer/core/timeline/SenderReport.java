package dev.tapedeck.composer.core.timeline;

/**
 * The pair of clocks in an RTCP sender report (RFC 3550 6.4.1), and when it was taped.
 *
 * @param ntpNanos     the sender's wall clock, nanoseconds since 1900; only differences have meaning
 * @param rtpTimestamp the same instant on the media clock, 32 bits as sent
 * @param arrivalNanos monotonic clock of the node
 */
public record SenderReport(long ntpNanos, int rtpTimestamp, long arrivalNanos) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Reads a 32.32 fixed point NTP timestamp. */
  public static SenderReport ofNtp(long ntpTimestamp, int rtpTimestamp, long arrivalNanos) {
    long seconds = ntpTimestamp >>> 32;
    long fraction = ntpTimestamp & 0xFFFF_FFFFL;
    return new SenderReport(seconds * NANOS_PER_SECOND + (fraction * NANOS_PER_SECOND >>> 32), rtpTimestamp,
        arrivalNanos);
  }
}
