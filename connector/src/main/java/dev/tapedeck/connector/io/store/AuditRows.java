package dev.tapedeck.connector.io.store;

import dev.tapedeck.connector.core.audit.AuditEntry;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The audit log: written in the transaction of what it tells of, read by cursor, never changed. */
public final class AuditRows {
  private AuditRows() {}

  /** @param id the cursor: grows with every entry, of all apps */
  public record Numbered(long id, AuditEntry entry) {}

  public static void append(Handle handle, AuditEntry entry) {
    handle.execute("""
        INSERT INTO audit (app, at_ms, actor, action, room, target, detail, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        entry.app(), entry.atMs(), entry.actor(), entry.action(), entry.room(), entry.target(), entry.detail(),
        entry.outcome());
  }

  public static List<Numbered> after(Handle handle, String app, long cursor, int limit) {
    return handle.createQuery("SELECT * FROM audit WHERE app = :app AND id > :cursor ORDER BY id LIMIT :limit")
        .bind("app", app).bind("cursor", cursor).bind("limit", limit)
        .map((row, context) -> new Numbered(row.getLong("id"), new AuditEntry(row.getString("app"),
            row.getLong("at_ms"), row.getString("actor"), row.getString("action"), row.getString("room"),
            row.getString("target"), row.getString("detail"), row.getString("outcome"))))
        .list();
  }
}
