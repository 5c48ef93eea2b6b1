package dev.tapedeck.media.io.clock;

/**
 * Finds jumps of the wall clock by what the monotonic one says has passed. A time service that slews changes the pace by
 * at most 500 ppm, which is no step. Owned by one thread.
 */
final class StepDetector {
  /** Two readings a scheduler tore apart differ by less. */
  static final long STEP_NANOS = 50_000_000;

  private static final int SLEW_PPM = 1000;
  private static final int PPM = 1_000_000;

  private long nowNanos;
  private long wallNanos;

  StepDetector(long nowNanos, long wallNanos) {
    this.nowNanos = nowNanos;
    this.wallNanos = wallNanos;
  }

  /**
   * @param nowNanos  monotonic
   * @param wallNanos of the same moment, since 1970
   * @return how far the wall clock jumped since the last time, forward positive; 0 if it did not
   */
  long stepNanos(long nowNanos, long wallNanos) {
    long passedNanos = nowNanos - this.nowNanos;
    long differenceNanos = wallNanos - this.wallNanos - passedNanos;
    this.nowNanos = nowNanos;
    this.wallNanos = wallNanos;
    long slewNanos = passedNanos / PPM * SLEW_PPM;
    return Math.abs(differenceNanos) > STEP_NANOS + slewNanos ? differenceNanos : 0;
  }
}
