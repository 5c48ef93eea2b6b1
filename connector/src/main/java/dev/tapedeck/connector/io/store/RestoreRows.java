package dev.tapedeck.connector.io.store;

import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rows written from what was found in a store, beside what is known already and never over it. */
public final class RestoreRows {
  /** No process owns what was restored. */
  private static final long NO_INCARNATION = 0;

  private RestoreRows() {}

  /**
   * Writes a finalized recording as its manifest tells it.
   *
   * @return false when the row knows this version or a newer one, or is still to be finalized, and stays as it is
   */
  public static boolean recording(Handle handle, Manifest manifest, String sha256, long nowMillis) {
    long node = manifest.sessions().isEmpty() ? 0 : manifest.sessions().getFirst().node();
    Optional<Manifest.Clock> clock = manifest.clocks().stream().findFirst();
    return handle.createUpdate("""
            INSERT INTO recording (app, recording, room, instance, node, incarnation, state, title, opened_ms, closed_ms,
              close_reason, changes, changed_ms, spoken_changes, started_ms, ended_ms, verdict, packets, bytes, gaps,
              manifest, manifest_sha256, clock_synchronized, clock_max_error_us, clock_steps, clock_last_step_ms)
            VALUES (:app, :recording, :room, :instance, :node, :incarnation, 'finalized', :room, :started, :ended,
              :reason, 0, :now, 0, :started, :ended, :verdict, :packets, :bytes, :gaps,
              :version, :sha256, :synchronized, :maxError, :steps, :lastStep)
            ON CONFLICT (app, recording) DO UPDATE SET state = excluded.state, closed_ms = excluded.closed_ms,
              close_reason = excluded.close_reason, changed_ms = excluded.changed_ms,
              spoken_changes = recording.changes, started_ms = excluded.started_ms, ended_ms = excluded.ended_ms,
              verdict = excluded.verdict, packets = excluded.packets, bytes = excluded.bytes, gaps = excluded.gaps,
              manifest = excluded.manifest, manifest_sha256 = excluded.manifest_sha256
            WHERE recording.manifest > 0 AND recording.manifest < excluded.manifest""")
        .bind("app", manifest.app()).bind("recording", manifest.recording()).bind("room", manifest.room())
        .bind("instance", manifest.roomInstance()).bind("node", node).bind("incarnation", NO_INCARNATION)
        .bind("started", manifest.startedAt().toEpochMilli()).bind("ended", manifest.endedAt().toEpochMilli())
        .bind("reason", manifest.closeReason()).bind("now", nowMillis).bind("verdict", manifest.verdict().text())
        .bind("packets", manifest.packets()).bind("bytes", manifest.bytes()).bind("gaps", manifest.gaps().size())
        .bind("version", manifest.version()).bind("sha256", sha256)
        .bind("synchronized", clock.map(known -> known.isSynchronized() ? 1 : 0).orElse(null))
        .bind("maxError", clock.map(Manifest.Clock::maxErrorMicros).orElse(null))
        .bind("steps", clock.map(Manifest.Clock::steps).orElse(null))
        .bind("lastStep", clock.map(Manifest.Clock::lastStepMs).orElse(null))
        .execute() == 1;
  }

  /** Writes who was in the room and not to be taped, once. */
  public static void untaped(Handle handle, String app, String room, long instance, List<Exclusions.Stay> stays) {
    List<Exclusions.Stay> known = RoomRows.untaped(handle, app, room, instance);
    for (Exclusions.Stay stay : stays) {
      if (!known.contains(stay)) {
        RoomRows.Stay row = new RoomRows.Stay(app, stay.session(), instance, room, stay.peer(), 0, stay.fromMs());
        RoomRows.join(handle, row, true);
        RoomRows.leave(handle, row, stay.toMs());
      }
    }
  }

  /** Writes a tape, without its chunks; one that is there keeps its close. */
  public static void tape(Handle handle, String app, long recording, Tape tape) {
    handle.execute("""
        INSERT INTO tape (app, recording, session, peer, node, opened_ms, tracks, closed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (app, recording, session) DO UPDATE SET tracks = COALESCE(tape.tracks, excluded.tracks),
          closed = COALESCE(tape.closed, excluded.closed)""",
        app, recording, tape.session(), tape.peer(), tape.node(), tape.openedMs(),
        tape.soFar().isEmpty() ? null : TapeRows.bytesOf(tape.soFar()),
        tape.closed().map(TapeClosed::toByteArray).orElse(null));
  }

  /** Writes a chunk in the state it was found in. @return whether it is news */
  public static boolean chunk(Handle handle, String app, long recording, long session, Promise chunk, long nowMillis) {
    boolean isVerified = chunk.state() == Promise.State.VERIFIED;
    return handle.createUpdate("""
            INSERT INTO chunk (app, recording, session, idx, object_key, from_ms, to_ms, bytes, packets, sha256,
              verified_ms, incarnation, gaps, lost)
            VALUES (:app, :recording, :session, :idx, :key, :from, :to, :bytes, :packets, :sha256, :verified,
              :incarnation, :gaps, :lost)
            ON CONFLICT (app, recording, session, idx) DO UPDATE SET object_key = excluded.object_key,
              from_ms = excluded.from_ms, to_ms = excluded.to_ms, bytes = excluded.bytes,
              packets = excluded.packets, sha256 = excluded.sha256, verified_ms = excluded.verified_ms,
              gaps = excluded.gaps, lost = 0
            WHERE chunk.verified_ms IS NULL AND excluded.verified_ms IS NOT NULL""")
        .bind("app", app).bind("recording", recording).bind("session", session).bind("idx", chunk.index())
        .bind("key", chunk.key()).bind("from", chunk.fromMs()).bind("to", chunk.toMs()).bind("bytes", chunk.bytes())
        .bind("packets", chunk.packets()).bind("sha256", chunk.sha256())
        .bind("verified", isVerified ? (Long) nowMillis : null).bind("incarnation", NO_INCARNATION)
        .bind("gaps", TapeRows.bytes(chunk.gaps()))
        .bind("lost", chunk.state() == Promise.State.LOST ? 1 : 0)
        .execute() == 1;
  }

  /** Notes that what was found is not what the last manifest says, so that it is said anew. */
  public static void touch(Handle handle, String app, long recording, long nowMillis) {
    RecordingRows.touch(handle, app, recording, nowMillis);
    RecordingRows.setChangeReason(handle, app, recording, "rebuilt");
  }
}
