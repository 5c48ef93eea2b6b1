package dev.tapedeck.media.io.spool;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after a failure: twice as long each time, up to a limit, less a random part of up to one half. */
final class RetryPolicy {
  private static final int MAX_DOUBLINGS = 40;

  private final long minNanos;
  private final long maxNanos;
  private final RandomGenerator random;

  RetryPolicy(Duration min, Duration max, RandomGenerator random) {
    minNanos = min.toNanos();
    maxNanos = max.toNanos();
    this.random = random;
  }

  /** @param failures in a row, from 1 on */
  long delayNanos(int failures) {
    int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
    boolean reachesMax = minNanos > maxNanos >> doublings;
    long full = reachesMax ? maxNanos : minNanos << doublings;
    return full - random.nextLong(full / 2 + 1);
  }
}
