package dev.tapedeck.connector.io.store;

import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.ClockState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Recordings: their state, and what the last manifest said. */
public final class RecordingRows {
  private RecordingRows() {}

  /**
   * @param changes        counts changes of the ledger; {@code spokenChanges} of them are in the last manifest
   * @param startedMs      of the last manifest, as are {@code endedMs}, verdict, packets, bytes and gaps
   * @param manifest       version, 0 before the first
   * @param manifestSha256 hash of that version's bytes
   * @param clock          what its media server's clock was worth while it ran
   * @param changeReason   why its ledger changed, when not for late chunks
   * @param isCloseAssumed its media server was given up and has not told the close itself
   */
  public record Recording(String app, long recording, String room, long instance, long node, long incarnation,
      RecordingState state, String title, long openedMs, OptionalLong closedMs, String closeReason, long changes,
      long changedMs, long spokenChanges, OptionalLong startedMs, OptionalLong endedMs, Optional<Verdict> verdict,
      long packets, long bytes, int gaps, int manifest, Optional<String> manifestSha256,
      Optional<Manifest.Clock> clock, Optional<String> changeReason, boolean isCloseAssumed) {
    /** Whether its media server has told the close itself. */
    public boolean isClosedInOrder() {
      return (state == RecordingState.CLOSING || state == RecordingState.FINALIZED) && !isCloseAssumed;
    }
  }

  /** Makes the row if there is none. @return whether it was made */
  public static boolean open(Handle handle, String app, long recording, String room, long instance, long node,
      long incarnation, long nowMillis) {
    return handle.execute("""
        INSERT INTO recording (app, recording, room, instance, node, incarnation, state, title, opened_ms, changes,
          changed_ms, spoken_changes, packets, bytes, gaps, manifest)
        VALUES (?, ?, ?, ?, ?, ?, 'armed', ?, ?, 0, ?, 0, 0, 0, 0, 0)
        ON CONFLICT (app, recording) DO NOTHING""",
        app, recording, room, instance, node, incarnation, room, nowMillis, nowMillis) == 1;
  }

  public static Optional<Recording> find(Handle handle, String app, long recording) {
    return handle.createQuery("SELECT * FROM recording WHERE app = :app AND recording = :recording")
        .bind("app", app).bind("recording", recording).map((row, context) -> recording(row)).findOne();
  }

  /** The recording of a room that is not closed yet. It may have begun in an instance that ended with its process. */
  public static Optional<Recording> openIn(Handle handle, RoomRows.Room room) {
    return handle.createQuery("""
            SELECT * FROM recording WHERE app = :app AND state IN ('armed', 'recording', 'paused')
              AND (instance = :instance OR room = :room AND node = :node AND incarnation = :incarnation)
            ORDER BY opened_ms DESC""")
        .bind("app", room.app()).bind("instance", room.instance()).bind("room", room.name()).bind("node", room.node())
        .bind("incarnation", room.incarnation()).map((row, context) -> recording(row)).findFirst();
  }

  /** Another process answers for it from now on, unless its close has been told already. */
  public static void takeOver(Handle handle, String app, long recording, long node, long incarnation) {
    handle.execute("""
        UPDATE recording SET node = ?, incarnation = ?
        WHERE app = ? AND recording = ? AND (state IN ('armed', 'recording', 'paused') OR close_assumed = 1)""",
        node, incarnation, app, recording);
  }

  /** Everything that may need a step: what is not finalized, and what changed afterwards. Of all apps. */
  public static List<Recording> unsettled(Handle handle) {
    return handle.createQuery("SELECT * FROM recording WHERE state <> 'finalized' OR changes <> spoken_changes")
        .map((row, context) -> recording(row)).list();
  }

  /** A page of the library, newest first. @param room empty for all rooms */
  public static List<Recording> page(Handle handle, String app, Optional<String> room, int limit, long offset) {
    return handle.createQuery("SELECT * FROM recording WHERE app = :app"
            + (room.isPresent() ? " AND room = :room" : "")
            + " ORDER BY opened_ms DESC, recording DESC LIMIT :limit OFFSET :offset")
        .bind("app", app).bind("room", room.orElse("")).bind("limit", limit).bind("offset", offset)
        .map((row, context) -> recording(row)).list();
  }

  /** Every app that has a recording, by name. */
  public static List<String> apps(Handle handle) {
    return handle.createQuery("SELECT DISTINCT app FROM recording ORDER BY app").mapTo(String.class).list();
  }

  public static long count(Handle handle, String app, Optional<String> room) {
    return handle.createQuery("SELECT COUNT(*) FROM recording WHERE app = :app"
            + (room.isPresent() ? " AND room = :room" : ""))
        .bind("app", app).bind("room", room.orElse("")).mapTo(Long.class).one();
  }

  public static void setState(Handle handle, String app, long recording, RecordingState state) {
    handle.execute("UPDATE recording SET state = ? WHERE app = ? AND recording = ?", state.text(), app, recording);
  }

  public static void close(Handle handle, String app, long recording, String reason, long nowMillis) {
    handle.execute("""
        UPDATE recording SET state = 'closing', closed_ms = ?, close_reason = ? WHERE app = ? AND recording = ?""",
        nowMillis, reason, app, recording);
  }

  /** The close was not told by the media server, but assumed after it had not been heard of for too long. */
  public static void assumeClosed(Handle handle, String app, long recording) {
    handle.execute("UPDATE recording SET close_assumed = 1 WHERE app = ? AND recording = ?", app, recording);
  }

  /**
   * Another process takes the place of the one its media server has had, which went on for nobody knows how long behind
   * the closes that were assumed, and is over now. Call before {@link NodeRows#attach}, so that each is moved once.
   */
  public static void moveAssumedCloses(
      Handle handle, long node, long newIncarnation, String changeReason, long nowMillis) {
    handle.execute("""
        UPDATE recording SET closed_ms = ?, changes = changes + 1, changed_ms = ?, change_reason = ?
        WHERE node = ? AND close_assumed = 1 AND incarnation <> ?
          AND incarnation = (SELECT incarnation FROM node WHERE node.node = recording.node)""",
        nowMillis, nowMillis, changeReason, node, newIncarnation);
  }

  /** A media server is lost that was heard since closes were assumed; they are moved to now. */
  public static void moveAssumedClosesOfLost(
      Handle handle, NodeRows.Node node, String changeReason, long nowMillis) {
    handle.execute("""
        UPDATE recording SET closed_ms = ?, changes = changes + 1, changed_ms = ?, change_reason = ?
        WHERE node = ? AND close_assumed = 1 AND incarnation = ? AND closed_ms < ?""",
        nowMillis, nowMillis, changeReason, node.node(), node.incarnation(), node.goneMs().orElseThrow());
  }

  /** Somebody is taped again after the close was told. Until it is told anew, the process may die with it open. */
  public static void reopen(
      Handle handle, String app, long recording, long node, long incarnation, String reason, long nowMillis) {
    handle.execute("""
        UPDATE recording SET close_assumed = 1, close_reason = ?, closed_ms = ?, node = ?, incarnation = ?
        WHERE app = ? AND recording = ?""", reason, nowMillis, node, incarnation, app, recording);
  }

  /** The media server tells the close itself. @return whether it had been assumed, so that something changed */
  public static boolean takeBackAssumption(
      Handle handle, String app, long recording, String reason, long nowMillis) {
    return handle.execute("""
        UPDATE recording SET close_assumed = 0, close_reason = ?, closed_ms = ?
        WHERE app = ? AND recording = ? AND close_assumed = 1""", reason, nowMillis, app, recording) == 1;
  }

  /**
   * Notes what a media server says of its clock on the recordings that run there: the worst of what was said while they
   * ran.
   */
  public static void noteClock(Handle handle, long node, long incarnation, ClockState clock) {
    handle.execute("""
        UPDATE recording SET
          clock_synchronized = CASE WHEN COALESCE(clock_synchronized, 1) = 1 THEN ? ELSE 0 END,
          clock_max_error_us = CASE WHEN COALESCE(clock_max_error_us, 0) > ? THEN clock_max_error_us ELSE ? END,
          clock_steps = ?, clock_last_step_ms = ?
        WHERE node = ? AND incarnation = ? AND state IN ('armed', 'recording', 'paused')""",
        clock.getSynchronized() ? 1 : 0, Integer.toUnsignedLong(clock.getMaxErrorUs()),
        Integer.toUnsignedLong(clock.getMaxErrorUs()), Integer.toUnsignedLong(clock.getSteps()),
        clock.getLastStepMs(), node, incarnation);
  }

  /** Recordings in each state, by the state's text; states without one are left out. */
  public static Map<String, Long> countByState(Handle handle) {
    Map<String, Long> counts = new HashMap<>();
    handle.createQuery("SELECT state, COUNT(*) AS n FROM recording GROUP BY state")
        .map((row, context) -> Map.entry(row.getString("state"), row.getLong("n")))
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }

  /** Recordings that closed before this moment and whose verdict is still not spoken. */
  public static long countClosingSince(Handle handle, long beforeMs) {
    return handle.createQuery("SELECT COUNT(*) FROM recording WHERE state = 'closing' AND closed_ms < :before")
        .bind("before", beforeMs).mapTo(Long.class).one();
  }

  /** Notes why the ledger changes, for the amendment that follows. */
  public static void setChangeReason(Handle handle, String app, long recording, String reason) {
    handle.execute("UPDATE recording SET change_reason = ? WHERE app = ? AND recording = ?", reason, app, recording);
  }

  /** Counts a change of the ledger. */
  public static void touch(Handle handle, String app, long recording, long nowMillis) {
    handle.execute("UPDATE recording SET changes = changes + 1, changed_ms = ? WHERE app = ? AND recording = ?",
        nowMillis, app, recording);
  }

  /**
   * Notes that this manifest is stored.
   *
   * @param before the row the manifest was made from
   * @return false when another version was noted meanwhile, and nothing was changed
   */
  public static boolean speak(Handle handle, Recording before, Manifest manifest, String sha256) {
    return handle.execute("""
        UPDATE recording SET state = 'finalized', spoken_changes = ?, started_ms = ?, ended_ms = ?, verdict = ?,
          packets = ?, bytes = ?, gaps = ?, manifest = ?, manifest_sha256 = ?, change_reason = NULL
        WHERE app = ? AND recording = ? AND manifest = ?""",
        before.changes(), manifest.startedAt().toEpochMilli(), manifest.endedAt().toEpochMilli(),
        manifest.verdict().text(), manifest.packets(), manifest.bytes(), manifest.gaps().size(), manifest.version(), sha256,
        before.app(), before.recording(), before.manifest()) == 1;
  }

  private static Recording recording(ResultSet row) throws SQLException {
    return new Recording(
        row.getString("app"), row.getLong("recording"), row.getString("room"), row.getLong("instance"),
        row.getLong("node"), row.getLong("incarnation"), RecordingState.ofText(row.getString("state")),
        row.getString("title"), row.getLong("opened_ms"), Sql.optionalLong(row, "closed_ms"),
        Optional.ofNullable(row.getString("close_reason")).orElse(""), row.getLong("changes"),
        row.getLong("changed_ms"), row.getLong("spoken_changes"), Sql.optionalLong(row, "started_ms"),
        Sql.optionalLong(row, "ended_ms"), Optional.ofNullable(row.getString("verdict")).map(Verdict::ofText),
        row.getLong("packets"), row.getLong("bytes"), row.getInt("gaps"), row.getInt("manifest"),
        Optional.ofNullable(row.getString("manifest_sha256")), clock(row),
        Optional.ofNullable(row.getString("change_reason")), row.getInt("close_assumed") == 1);
  }

  private static Optional<Manifest.Clock> clock(ResultSet row) throws SQLException {
    OptionalLong isSynchronized = Sql.optionalLong(row, "clock_synchronized");
    return isSynchronized.isEmpty() ? Optional.empty() : Optional.of(new Manifest.Clock(row.getLong("node"),
        isSynchronized.getAsLong() == 1, row.getLong("clock_max_error_us"), row.getLong("clock_steps"),
        row.getLong("clock_last_step_ms")));
  }
}
