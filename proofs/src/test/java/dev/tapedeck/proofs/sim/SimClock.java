package dev.tapedeck.proofs.sim;

/** The one time of a run: it passes only when somebody says so. */
final class SimClock {
  static final long MILLI = 1_000_000;

  /** Wall time of the monotonic zero, Unix nanoseconds. */
  private static final long EPOCH_NANOS = 1_795_000_000_000L * MILLI;

  private long nowNanos = 1_000 * MILLI;

  void advanceMillis(long millis) {
    nowNanos += millis * MILLI;
  }

  long nanos() {
    return nowNanos;
  }

  long wallMillis() {
    return wallNanos(nowNanos) / MILLI;
  }

  static long wallNanos(long nanos) {
    return EPOCH_NANOS + nanos;
  }

  static long wallMillis(long nanos) {
    return wallNanos(nanos) / MILLI;
  }
}
