package dev.tapedeck.protocol.rtp;

/**
 * The time formats of RTP and RTCP. All conversions round down to the format's step and stay in 64-bit arithmetic.
 *
 * <p>A full NTP timestamp (RFC 3550 §4, RFC 5905 §6) is 32 bits of seconds since 1900 and 32 bits of fraction. The
 * seconds wrap in 2036; a timestamp whose top bit is 0 is taken as behind that day.
 */
public final class NtpTime {
  /** From 1900-01-01 to 1970-01-01 (RFC 868). */
  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** abs-send-time counts seconds modulo 64 in steps of 2^-18 s. */
  private static final int ABS_SEND_TIME_FRACTION_BITS = 18;
  private static final int ABS_SEND_TIME_MASK = 0xFF_FFFF;

  private NtpTime() {}

  /** @param nanos since 1970, as wall clocks tell it; 1968..2104 is told apart */
  public static long fromUnixNanos(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND) + SECONDS_1900_TO_1970;
    long fraction = (Math.floorMod(nanos, NANOS_PER_SECOND) << 32) / NANOS_PER_SECOND;
    return seconds << 32 | fraction;
  }

  /** Nanoseconds since 1970, at most one below what {@link #fromUnixNanos} was given. */
  public static long toUnixNanos(long ntp) {
    long seconds = ntp >>> 32;
    if (ntp >= 0) {
      seconds += 1L << 32; // the era that begins in 2036
    }
    long fraction = (ntp & 0xFFFF_FFFFL) * NANOS_PER_SECOND >>> 32;
    return (seconds - SECONDS_1900_TO_1970) * NANOS_PER_SECOND + fraction;
  }

  /** The middle 32 bits, as the LSR field of a report block has them (RFC 3550 §6.4.1). */
  public static int middle32(long ntp) {
    return (int) (ntp >>> 16);
  }

  /** A duration in units of 1/65536 s, as DLSR has it (RFC 3550 §6.4.1); durations from 18 hours on wrap around. */
  public static int toShortFormat(long durationNanos) {
    long seconds = Math.floorDiv(durationNanos, NANOS_PER_SECOND);
    long fraction = (Math.floorMod(durationNanos, NANOS_PER_SECOND) << 16) / NANOS_PER_SECOND;
    return (int) (seconds << 16 | fraction);
  }

  /** Nanoseconds of a duration in units of 1/65536 s, taken as unsigned. */
  public static long shortFormatToNanos(int shortFormat) {
    return (shortFormat & 0xFFFF_FFFFL) * NANOS_PER_SECOND >>> 16;
  }

  /**
   * Value of the abs-send-time header extension (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time).
   *
   * @param nanos of any clock that only moves forward; differences are what receivers use
   * @return 24 bits, 6.18 fixed point seconds
   */
  public static int absSendTime(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long fraction = (Math.floorMod(nanos, NANOS_PER_SECOND) << ABS_SEND_TIME_FRACTION_BITS) / NANOS_PER_SECOND;
    return (int) (seconds << ABS_SEND_TIME_FRACTION_BITS | fraction) & ABS_SEND_TIME_MASK;
  }

  /** Nanoseconds from one abs-send-time to another by the shorter way round, -32 s..32 s. */
  public static long absSendTimeDeltaNanos(int from, int to) {
    int steps = (to - from) << 8 >> 8; // the sign of 24 bits
    return steps * NANOS_PER_SECOND >> ABS_SEND_TIME_FRACTION_BITS;
  }
}
