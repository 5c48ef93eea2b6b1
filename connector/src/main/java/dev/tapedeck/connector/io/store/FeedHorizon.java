package dev.tapedeck.connector.io.store;

import org.jdbi.v3.core.Handle;

/** How far back the feed reaches: what is too old is given up, and remembered as given up. */
public final class FeedHorizon {
  private FeedHorizon() {}

  /** The newest event of the app that was given up; whoever stands before it has missed something. 0 when none was. */
  public static long of(Handle handle, String app) {
    return handle.createQuery("SELECT pruned_id FROM feed_horizon WHERE app = :app").bind("app", app)
        .mapTo(Long.class).findOne().orElse(0L);
  }

  /** The newest event of any app that ever was in this database, given up or not; 0 before the first. */
  public static long newest(Handle handle) {
    return handle.createQuery("""
            SELECT COALESCE(MAX(id), 0) FROM
              (SELECT MAX(id) AS id FROM event UNION ALL SELECT MAX(pruned_id) FROM feed_horizon) known""")
        .mapTo(Long.class).one();
  }

  /**
   * Gives up old events and their dead letters. An event that a hook still waits for stays.
   *
   * @param beforeMs Unix milliseconds; younger events stay
   * @param limit    events to look at
   * @return how many were given up
   */
  public static int prune(Handle handle, long beforeMs, int limit) {
    long last = handle.createQuery("""
            SELECT COALESCE(MAX(id), 0) FROM
              (SELECT id FROM event WHERE created_ms < :before AND NOT EXISTS
                (SELECT 1 FROM hook_delivery d WHERE d.event = event.id AND d.state = 'pending')
               ORDER BY id LIMIT :limit) oldest""")
        .bind("before", beforeMs).bind("limit", limit).mapTo(Long.class).one();
    if (last == 0) {
      return 0;
    }
    handle.createUpdate("""
            INSERT INTO feed_horizon (app, pruned_id)
            SELECT app, MAX(id) FROM event WHERE id <= :last AND created_ms < :before AND NOT EXISTS
              (SELECT 1 FROM hook_delivery d WHERE d.event = event.id AND d.state = 'pending') GROUP BY app
            ON CONFLICT (app) DO UPDATE SET pruned_id = excluded.pruned_id
            WHERE excluded.pruned_id > feed_horizon.pruned_id""")
        .bind("last", last).bind("before", beforeMs).execute();
    handle.createUpdate("""
            DELETE FROM hook_delivery WHERE state = 'dead' AND event IN
              (SELECT id FROM event WHERE id <= :last AND created_ms < :before)
              AND NOT EXISTS (SELECT 1 FROM hook_delivery p
                WHERE p.event = hook_delivery.event AND p.state = 'pending')""")
        .bind("last", last).bind("before", beforeMs).execute();
    return handle.createUpdate("""
            DELETE FROM event WHERE id <= :last AND created_ms < :before
              AND NOT EXISTS (SELECT 1 FROM hook_delivery d WHERE d.event = event.id)""")
        .bind("last", last).bind("before", beforeMs).execute();
  }
}
