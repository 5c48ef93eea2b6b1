package dev.tapedeck.media.core.bwe;

/**
 * How long packets wait on their way, above the least they need. Clocks of two machines stand anywhere and run apart, so
 * the least is of the last half to whole minute. Owned by the worker thread.
 */
final class QueueingDelay {
  private static final long BASE_NANOS = 30_000_000_000L;

  /** A receiver's clock that jumps by this, or wraps around, begins anew. */
  private static final long JUMP_NANOS = 10_000_000_000L;

  private static final long NONE = Long.MAX_VALUE;

  private long least = NONE;
  private long leastBefore = NONE;
  private boolean hasBase;
  private long baseNanos;
  private long sumNanos;
  private int packets;

  /** What is noted from now on makes the next average. */
  void begin(long nowNanos) {
    sumNanos = 0;
    packets = 0;
    if (!hasBase || nowNanos - baseNanos >= BASE_NANOS) {
      hasBase = true;
      baseNanos = nowNanos;
      leastBefore = least;
      least = NONE;
    }
  }

  void note(long sentNanos, long arrivalNanos) {
    long onTheWay = arrivalNanos - sentNanos;
    if (base() != NONE && Math.abs(onTheWay - base()) > JUMP_NANOS) {
      least = NONE;
      leastBefore = NONE;
      sumNanos = 0;
      packets = 0;
    }
    least = Math.min(least, onTheWay);
    sumNanos += onTheWay - base();
    packets++;
  }

  /** Of the packets noted since the beginning, 0 if there are none. */
  long averageNanos() {
    return packets == 0 ? 0 : sumNanos / packets;
  }

  private long base() {
    return Math.min(least, leastBefore);
  }
}
