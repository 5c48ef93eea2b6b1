package dev.tapedeck.connector.io.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Files made from recordings. */
public final class FileRows {
  private FileRows() {}

  /**
   * @param key        of the object in the store, beginning with the escaped app
   * @param kind       composed | track | summary
   * @param codecs     for people, such as "vp8, opus"; "" for what does not play
   * @param durationMs 0 for what does not play
   */
  public record StoredFile(String name, String key, String contentType, String kind, String codecs, long durationMs,
      long bytes) {}

  /** Adds the file, or points its name to a newer object. */
  public static void put(Handle handle, String app, long recording, StoredFile file, long nowMillis) {
    handle.execute("""
        INSERT INTO recording_file (app, recording, name, object_key, content_type, kind, codecs, duration_ms, bytes,
          created_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (app, recording, name) DO UPDATE SET object_key = excluded.object_key,
          content_type = excluded.content_type, kind = excluded.kind, codecs = excluded.codecs,
          duration_ms = excluded.duration_ms, bytes = excluded.bytes, created_ms = excluded.created_ms""",
        app, recording, file.name(), file.key(), file.contentType(), file.kind(), file.codecs(),
        file.durationMs(), file.bytes(), nowMillis);
  }

  public static List<StoredFile> of(Handle handle, String app, long recording) {
    return handle.createQuery("SELECT * FROM recording_file WHERE app = :app AND recording = :recording ORDER BY created_ms, name")
        .bind("app", app).bind("recording", recording).map((row, context) -> file(row)).list();
  }

  public static Optional<StoredFile> find(Handle handle, String app, long recording, String name) {
    return handle.createQuery("""
            SELECT * FROM recording_file WHERE app = :app AND recording = :recording AND name = :name""")
        .bind("app", app).bind("recording", recording).bind("name", name).map((row, context) -> file(row)).findOne();
  }

  private static StoredFile file(ResultSet row) throws SQLException {
    return new StoredFile(row.getString("name"), row.getString("object_key"), row.getString("content_type"),
        row.getString("kind"), row.getString("codecs"), row.getLong("duration_ms"), row.getLong("bytes"));
  }
}
