package dev.tapedeck.connector.io.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Events that a hook did not take for a day, or never wants again. They wait here to be sent again by hand. */
public final class DeadLetterRows {
  private DeadLetterRows() {}

  /**
   * @param hook           id of the hook, {@code <app>/<name>}
   * @param event          cursor of the event in the feed
   * @param firstAttemptMs empty when there was none, because the hook is gone from the configuration
   * @param error          why the last attempt failed
   */
  public record DeadLetter(String hook, long event, String kind, String room, int attempts, long createdMs,
      OptionalLong firstAttemptMs, OptionalLong deadMs, String error) {}

  /** A page of an app's dead letters, the oldest first. @param hook id of one hook, or empty for all */
  public static List<DeadLetter> page(Handle handle, String app, Optional<String> hook, int limit, long offset) {
    return handle.createQuery("""
            SELECT d.*, e.kind, e.created_ms FROM hook_delivery d JOIN event e ON e.id = d.event
            WHERE d.state = 'dead' AND e.app = :app
            """ + ofHook(hook) + """
            ORDER BY d.event, d.hook LIMIT :limit OFFSET :offset""")
        .bind("app", app).bind("hook", hook.orElse("")).bind("limit", limit).bind("offset", offset)
        .map((row, context) -> letter(row)).list();
  }

  public static long count(Handle handle, String app, Optional<String> hook) {
    return handle.createQuery("""
            SELECT COUNT(*) FROM hook_delivery d JOIN event e ON e.id = d.event
            WHERE d.state = 'dead' AND e.app = :app
            """ + ofHook(hook))
        .bind("app", app).bind("hook", hook.orElse("")).mapTo(Long.class).one();
  }

  /** Queues one dead letter anew, as if it had never been tried. @return false when there is no such dead letter */
  public static boolean retry(Handle handle, String hook, long event, long nowMillis) {
    return handle.execute("""
        UPDATE hook_delivery SET state = 'pending', attempts = 0, first_attempt_ms = NULL, next_attempt_ms = ?,
          queued_ms = ?, dead_ms = NULL WHERE state = 'dead' AND hook = ? AND event = ?""",
        nowMillis, nowMillis, hook, event) == 1;
  }

  /** Queues all dead letters of a hook anew. @return how many there were */
  public static int retryAll(Handle handle, String hook, long nowMillis) {
    return handle.execute("""
        UPDATE hook_delivery SET state = 'pending', attempts = 0, first_attempt_ms = NULL, next_attempt_ms = ?,
          queued_ms = ?, dead_ms = NULL WHERE state = 'dead' AND hook = ?""", nowMillis, nowMillis, hook);
  }

  private static String ofHook(Optional<String> hook) {
    return hook.isPresent() ? "AND d.hook = :hook\n" : "";
  }

  private static DeadLetter letter(ResultSet row) throws SQLException {
    return new DeadLetter(row.getString("hook"), row.getLong("event"), row.getString("kind"), row.getString("room"),
        row.getInt("attempts"), row.getLong("created_ms"), Sql.optionalLong(row, "first_attempt_ms"),
        Sql.optionalLong(row, "dead_ms"), Optional.ofNullable(row.getString("last_error")).orElse(""));
  }
}
