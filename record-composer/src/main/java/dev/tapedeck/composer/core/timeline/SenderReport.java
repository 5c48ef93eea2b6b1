package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.protocol.rtp.NtpTime;

/**
 * The pair of clocks in an RTCP sender report (RFC 3550 6.4.1), and when it was taped.
 *
 * @param ntpNanos     the sender's wall clock, nanoseconds since 1970; only differences have meaning
 * @param rtpTimestamp the same instant on the media clock, 32 bits as sent
 * @param arrivalNanos monotonic clock of the node
 */
public record SenderReport(long ntpNanos, int rtpTimestamp, long arrivalNanos) {

  /** Reads a 32.32 fixed point NTP timestamp. */
  public static SenderReport ofNtp(long ntpTimestamp, int rtpTimestamp, long arrivalNanos) {
    return new SenderReport(NtpTime.toUnixNanos(ntpTimestamp), rtpTimestamp, arrivalNanos);
  }
}
