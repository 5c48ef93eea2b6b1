package dev.tapedeck.connector.io.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.protocol.wire.HookEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The feed of events, read by cursor, and what of it is still to be delivered to hooks. */
public final class FeedRows {
  private FeedRows() {}

  /** @param id the cursor: grows with every event, of all apps */
  public record Entry(long id, String app, String room, String kind, HookEvent event, long createdMs) {}

  /**
   * One event on its way to one hook.
   *
   * @param firstAttemptMs 0 before the first attempt
   */
  public record Delivery(String hook, Entry entry, int attempts, long firstAttemptMs, long nextAttemptMs) {}

  /** @return the cursor of the new entry */
  public static long append(Handle handle, String app, String room, String kind, HookEvent event, long nowMillis) {
    return handle.createQuery("""
            INSERT INTO event (app, room, kind, body, created_ms) VALUES (:app, :room, :kind, :body, :now)
            RETURNING id""")
        .bind("app", app).bind("room", room).bind("kind", kind).bind("body", event.toByteArray())
        .bind("now", nowMillis).mapTo(Long.class).one();
  }

  /** Whether the app's feed has no event with this id of its sender yet. */
  public static boolean isNew(Handle handle, String app, String sourceId) {
    return handle.createQuery("SELECT COUNT(*) FROM event WHERE app = :app AND source_id = :source")
        .bind("app", app).bind("source", sourceId).mapTo(Long.class).one() == 0;
  }

  /** Notes under which id its sender knows an event. */
  public static void setSource(Handle handle, long event, String sourceId) {
    handle.execute("UPDATE event SET source_id = ? WHERE id = ?", sourceId, event);
  }

  public static List<Entry> after(Handle handle, String app, long cursor, int limit) {
    return handle.createQuery("SELECT * FROM event WHERE app = :app AND id > :cursor ORDER BY id LIMIT :limit")
        .bind("app", app).bind("cursor", cursor).bind("limit", limit).map((row, context) -> entry(row)).list();
  }

  public static void enqueue(Handle handle, String hook, long event, String room, long nowMillis) {
    handle.execute("""
        INSERT INTO hook_delivery (hook, event, room, state, attempts, next_attempt_ms, queued_ms)
        VALUES (?, ?, ?, 'pending', 0, ?, ?)""", hook, event, room, nowMillis, nowMillis);
  }

  /** The oldest pending event of each lane, of all hooks; only these may be attempted. */
  public static List<Delivery> heads(Handle handle) {
    return handle.createQuery("""
            SELECT d.hook, d.attempts, d.first_attempt_ms, d.next_attempt_ms, e.* FROM hook_delivery d
            JOIN (SELECT hook, room, MIN(event) AS event FROM hook_delivery WHERE state = 'pending'
                  GROUP BY hook, room) head ON head.hook = d.hook AND head.event = d.event
            JOIN event e ON e.id = d.event""")
        .map((row, context) -> new Delivery(row.getString("hook"), entry(row), row.getInt("attempts"),
            row.getLong("first_attempt_ms"), row.getLong("next_attempt_ms"))).list();
  }

  public static void delivered(Handle handle, Delivery delivery) {
    handle.execute("DELETE FROM hook_delivery WHERE hook = ? AND event = ?", delivery.hook(), delivery.entry().id());
  }

  public static void retry(Handle handle, Delivery delivery, long firstAttemptMs, long nextAttemptMs, String error) {
    handle.execute("""
        UPDATE hook_delivery SET attempts = attempts + 1, first_attempt_ms = ?, next_attempt_ms = ?, last_error = ?
        WHERE hook = ? AND event = ?""",
        firstAttemptMs, nextAttemptMs, error, delivery.hook(), delivery.entry().id());
  }

  public static void dead(Handle handle, Delivery delivery, String error, long nowMillis) {
    handle.execute("""
        UPDATE hook_delivery SET attempts = attempts + 1, first_attempt_ms = COALESCE(first_attempt_ms, ?),
          state = 'dead', last_error = ?, dead_ms = ?
        WHERE hook = ? AND event = ?""", nowMillis, error, nowMillis, delivery.hook(), delivery.entry().id());
  }

  /** How long the oldest event waits in the lanes of one hook, as of now; 0 when none waits. */
  public static long oldestPendingAgeMs(Handle handle, String hook, long nowMillis) {
    return handle.createQuery("""
            SELECT MIN(COALESCE(d.queued_ms, e.created_ms)) FROM hook_delivery d JOIN event e ON e.id = d.event
            WHERE d.state = 'pending' AND d.hook = :hook""")
        .bind("hook", hook).mapTo(Long.class).findOne().map(queuedMs -> Math.max(0, nowMillis - queuedMs)).orElse(0L);
  }

  public static long count(Handle handle, String state) {
    return handle.createQuery("SELECT COUNT(*) FROM hook_delivery WHERE state = :state")
        .bind("state", state).mapTo(Long.class).one();
  }

  private static Entry entry(ResultSet row) throws SQLException {
    try {
      return new Entry(row.getLong("id"), row.getString("app"), row.getString("room"), row.getString("kind"),
          HookEvent.parseFrom(row.getBytes("body")), row.getLong("created_ms"));
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("an event row holds bytes that are no HookEvent", e);
    }
  }
}
