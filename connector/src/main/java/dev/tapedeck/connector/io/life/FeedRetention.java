package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FeedHorizon;
import java.time.Duration;

/** Gives up events of the feed when they are old enough. Used by the thread that ticks. */
final class FeedRetention {
  private static final long INTERVAL_MILLIS = 60_000;
  /** One transaction holds up the other writers; this many rows take milliseconds. */
  private static final int ROWS_PER_TICK = 5_000;

  private final Database database;
  private final Duration keep;
  private long nextMillis;

  /** @param keep how long events stay, 25 hours or more, so that hooks are done with them */
  FeedRetention(Database database, Duration keep) {
    this.database = database;
    this.keep = keep;
  }

  void tick(long nowMillis) {
    if (nowMillis < nextMillis) {
      return;
    }
    int pruned = database.write(handle -> FeedHorizon.prune(handle, nowMillis - keep.toMillis(), ROWS_PER_TICK));
    nextMillis = pruned == ROWS_PER_TICK ? nowMillis : nowMillis + INTERVAL_MILLIS;
  }
}
