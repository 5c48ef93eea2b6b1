package dev.tapedeck.connector.io.http;

import dev.tapedeck.protocol.limit.TokenBuckets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How often one caller may call. Safe for use by many threads. */
final class CallerLimit {
  /** Of the admin API; twice as many at once. */
  static final int REQUESTS_PER_SECOND = 50;
  /** Callers remembered at a time, some 2 MB. */
  private static final int MAX_CALLERS = 10_000;

  private record Key(String app, String actor) {}

  private final LongSupplier nanoTime;
  private final Runnable onRefused;

  /** Guarded by itself. */
  private final TokenBuckets<Key> callers =
      new TokenBuckets<>(REQUESTS_PER_SECOND, 2 * REQUESTS_PER_SECOND, MAX_CALLERS);

  /** @param nanoTime monotonic */
  CallerLimit(LongSupplier nanoTime, Runnable onRefused) {
    this.nanoTime = nanoTime;
    this.onRefused = onRefused;
  }

  /** @throws ApiException 429 when this is one too many */
  void take(Caller caller) {
    long waitNanos;
    synchronized (callers) {
      waitNanos = callers.take(nanoTime.getAsLong(), new Key(caller.app(), caller.actor()));
    }
    if (waitNanos > 0) {
      onRefused.run();
      throw new ApiException(429, "too_many_requests", "Too many requests",
          caller.actor() + " sends more than " + REQUESTS_PER_SECOND + " requests a second; send fewer",
          1 + TimeUnit.NANOSECONDS.toSeconds(waitNanos));
    }
  }
}
