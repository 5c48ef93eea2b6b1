package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import java.util.concurrent.atomic.LongAdder;

/** How often HTTP refused something for a limit. Used by all threads. */
final class Refusals {
  private final LongAdder[] counts = new LongAdder[Limit.values().length];

  Refusals() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void count(Limit limit) {
    counts[limit.ordinal()].increment();
  }

  long of(Limit limit) {
    return counts[limit.ordinal()].sum();
  }
}
