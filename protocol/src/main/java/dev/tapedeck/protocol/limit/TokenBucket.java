package dev.tapedeck.protocol.limit;

/**
 * Lets so much through per second, and a burst of it at once. What is taken from a bucket that is not empty may be more
 * than it holds, and is then owed: so a single thing larger than the burst is possible. Owned by one thread.
 */
public final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double nanosPerToken;
  private final long depthNanos;

  /** When the bucket will be full again, on the clock of the calls. */
  private long fullAtNanos;

  /**
   * A full bucket.
   *
   * @param perSecond tokens that flow in, above 0
   * @param burst     tokens it holds, at least 1
   */
  public TokenBucket(double perSecond, double burst, long nowNanos) {
    nanosPerToken = NANOS_PER_SECOND / perSecond;
    depthNanos = (long) (burst * nanosPerToken);
    fullAtNanos = nowNanos;
  }

  /** Takes tokens if there are any; otherwise none, and the caller is to refuse. */
  public boolean take(long nowNanos, long tokens) {
    if (fullAtNanos - nowNanos < 0) {
      fullAtNanos = nowNanos;
    }
    if (fullAtNanos - nowNanos >= depthNanos) {
      return false;
    }
    fullAtNanos += (long) (tokens * nanosPerToken);
    return true;
  }

  /** How long until something can be taken, 0 if it can be now. */
  public long waitNanos(long nowNanos) {
    return Math.max(0, fullAtNanos - nowNanos - depthNanos + 1);
  }

  /** Whether it is as if nothing had ever been taken. */
  boolean isFull(long nowNanos) {
    return fullAtNanos - nowNanos <= 0;
  }
}
