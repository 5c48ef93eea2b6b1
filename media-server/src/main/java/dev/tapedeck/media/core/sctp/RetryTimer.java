package dev.tapedeck.media.core.sctp;

/** One timer of the RFC: when it is due, and how often it has run out since it was started. */
final class RetryTimer {
  static final long NEVER = Long.MAX_VALUE;

  private long deadlineNanos = NEVER;
  private int expirations;

  /** Starts it anew, also if it runs. */
  void start(long nowNanos, long delayNanos) {
    expirations = 0;
    deadlineNanos = nowNanos + delayNanos;
  }

  /** Starts it once more after it has run out, and keeps count. */
  void startAgain(long nowNanos, long delayNanos) {
    deadlineNanos = nowNanos + delayNanos;
  }

  void stop() {
    deadlineNanos = NEVER;
  }

  /** True once when it is due; it does not run any more then. */
  boolean expire(long nowNanos) {
    if (deadlineNanos == NEVER || nowNanos < deadlineNanos) {
      return false;
    }
    deadlineNanos = NEVER;
    expirations++;
    return true;
  }

  boolean isRunning() {
    return deadlineNanos != NEVER;
  }

  int expirations() {
    return expirations;
  }

  /** {@link #NEVER} while it does not run. */
  long deadlineNanos() {
    return deadlineNanos;
  }
}
