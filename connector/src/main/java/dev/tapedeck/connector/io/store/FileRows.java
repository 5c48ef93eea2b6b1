package dev.tapedeck.connector.io.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Files made from recordings. */
public final class FileRows {
  private FileRows() {}

  /** @param key of the object in the store, beginning with the escaped app */
  public record StoredFile(String name, String key, String contentType, long bytes) {}

  /** Adds the file, or points its name to a newer object. */
  public static void put(Handle handle, String app, long recording, StoredFile file, long nowMillis) {
    handle.execute("""
        INSERT INTO recording_file (app, recording, name, object_key, content_type, bytes, created_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (app, recording, name) DO UPDATE SET object_key = excluded.object_key,
          content_type = excluded.content_type, bytes = excluded.bytes, created_ms = excluded.created_ms""",
        app, recording, file.name(), file.key(), file.contentType(), file.bytes(), nowMillis);
  }

  public static List<StoredFile> of(Handle handle, String app, long recording) {
    return handle.createQuery("SELECT * FROM recording_file WHERE app = :app AND recording = :recording ORDER BY name")
        .bind("app", app).bind("recording", recording).map((row, context) -> file(row)).list();
  }

  public static Optional<StoredFile> find(Handle handle, String app, long recording, String name) {
    return handle.createQuery("""
            SELECT * FROM recording_file WHERE app = :app AND recording = :recording AND name = :name""")
        .bind("app", app).bind("recording", recording).bind("name", name).map((row, context) -> file(row)).findOne();
  }

  private static StoredFile file(ResultSet row) throws SQLException {
    return new StoredFile(row.getString("name"), row.getString("object_key"), row.getString("content_type"),
        row.getLong("bytes"));
  }
}
