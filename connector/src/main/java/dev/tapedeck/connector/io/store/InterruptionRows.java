package dev.tapedeck.connector.io.store;

import dev.tapedeck.connector.core.ledger.Interruption;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** When media servers died with a recording open that went on. */
public final class InterruptionRows {
  private InterruptionRows() {}

  /** @return whether it is news */
  public static boolean add(Handle handle, String app, long recording, Interruption interruption) {
    return handle.execute("""
        INSERT INTO interruption (app, recording, from_ms, to_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (app, recording, from_ms, to_ms) DO NOTHING""",
        app, recording, interruption.fromMs(), interruption.toMs()) == 1;
  }

  /** In the order of time. */
  public static List<Interruption> of(Handle handle, String app, long recording) {
    return handle.createQuery("""
            SELECT from_ms, to_ms FROM interruption WHERE app = :app AND recording = :recording
            ORDER BY from_ms, to_ms""")
        .bind("app", app).bind("recording", recording)
        .map((row, context) -> new Interruption(row.getLong("from_ms"), row.getLong("to_ms"))).list();
  }
}
