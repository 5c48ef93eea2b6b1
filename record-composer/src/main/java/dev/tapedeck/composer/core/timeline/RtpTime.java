package dev.tapedeck.composer.core.timeline;

/** Arithmetic of RTP timestamps (RFC 3550 5.1): 32 bits that wrap, counted in ticks of the payload's clock. */
final class RtpTime {
  private static final long CYCLE = 1L << 32;
  private static final double NANOS_PER_SECOND = 1e9;

  private RtpTime() {}

  /**
   * The unwrapped value of {@code timestamp} that lies nearest to where the clock should stand.
   *
   * <p>The elapsed time decides the cycle only when a silence was long enough to hide a wrap (6.6 h at 90 kHz);
   * otherwise the nearest value to the last one is taken, so that a delayed packet cannot push the clock a cycle away.
   *
   * @param previous     unwrapped timestamp of a neighbour
   * @param elapsedNanos arrival time passed since that neighbour
   */
  static long unwrapNear(int timestamp, long previous, long elapsedNanos, int clockRate) {
    long elapsedTicks = ticks(elapsedNanos, clockRate);
    long expected = Math.abs(elapsedTicks) < CYCLE / 4 ? previous : previous + elapsedTicks;
    return expected + (timestamp - (int) expected);
  }

  static long ticks(long nanos, int clockRate) {
    return Math.round(nanos / NANOS_PER_SECOND * clockRate);
  }

  static long nanos(long ticks, int clockRate) {
    return Math.round(ticks * (NANOS_PER_SECOND / clockRate));
  }
}
