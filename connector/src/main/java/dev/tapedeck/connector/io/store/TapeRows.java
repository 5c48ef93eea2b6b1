package dev.tapedeck.connector.io.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.connector.core.ledger.TapeCloses;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The ledger's rows: tapes and their chunks. */
public final class TapeRows {
  private TapeRows() {}

  /** Makes the row if there is none. @return whether it was made */
  public static boolean open(Handle handle, TapeId tape, long node, long openedMs) {
    return handle.execute("""
        INSERT INTO tape (app, recording, session, peer, node, opened_ms) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (app, recording, session) DO NOTHING""",
        tape.getApp(), tape.getRecording(), tape.getSession(), tape.getPeer(), node, openedMs) == 1;
  }

  /** Notes what is known of the tracks by now; an older media server tells none with its chunks. */
  public static void tracks(Handle handle, TapeId tape, List<TapeTrack> soFar) {
    if (!soFar.isEmpty()) {
      handle.execute("UPDATE tape SET tracks = ? WHERE app = ? AND recording = ? AND session = ?",
          bytesOf(soFar), tape.getApp(), tape.getRecording(), tape.getSession());
    }
  }

  /**
   * Notes a close, beside what was told of it before.
   *
   * @param incarnation the process that tells it, after it has promised again what it still has: what another promised
   *                    and nobody has seen is lost
   * @return false if the tape was closed by who saw its end, and every chunk of it is verified: a recovery that tells of
   *         a crash has an old journal
   */
  public static boolean close(Handle handle, TapeClosed told, long incarnation) {
    TapeId tape = told.getTape();
    Optional<TapeClosed> first = findClosed(handle, tape);
    boolean isRecovery = told.getEnd() == TapeClosed.End.CRASHED;
    if (isRecovery && first.filter(known -> isWhole(handle, known)).isPresent()) {
      return false;
    }
    TapeClosed closed = first.map(known -> TapeCloses.unite(known, told)).orElse(told);
    handle.execute("UPDATE tape SET closed = ? WHERE app = ? AND recording = ? AND session = ?",
        closed.toByteArray(), tape.getApp(), tape.getRecording(), tape.getSession());
    handle.execute("""
        UPDATE chunk SET lost = 1 WHERE app = ? AND recording = ? AND session = ? AND incarnation <> ?
          AND verified_ms IS NULL""", tape.getApp(), tape.getRecording(), tape.getSession(), incarnation);
    return true;
  }

  private static boolean isWhole(Handle handle, TapeClosed closed) {
    long verified = handle.createQuery("""
            SELECT COUNT(*) FROM chunk WHERE app = :app AND recording = :recording AND session = :session
              AND verified_ms IS NOT NULL""")
        .bind("app", closed.getTape().getApp()).bind("recording", closed.getTape().getRecording())
        .bind("session", closed.getTape().getSession()).mapTo(Long.class).one();
    return closed.getEnd() != TapeClosed.End.CRASHED && verified == closed.getChunks();
  }

  private static Optional<TapeClosed> findClosed(Handle handle, TapeId tape) {
    return handle.createQuery("""
            SELECT closed FROM tape WHERE app = :app AND recording = :recording AND session = :session""")
        .bind("app", tape.getApp()).bind("recording", tape.getRecording()).bind("session", tape.getSession())
        .map((row, context) -> closed(row.getBytes("closed"))).findOne().flatMap(found -> found);
  }

  /**
   * Notes a promise. One that is kept already stays as it is: it had the same packets or more.
   *
   * @param incarnation the process that promises
   */
  public static void promise(Handle handle, TapeId tape, Promise promise, long incarnation) {
    handle.execute("""
        INSERT INTO chunk
          (app, recording, session, idx, object_key, from_ms, to_ms, bytes, packets, sha256, incarnation, gaps, lost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
        ON CONFLICT (app, recording, session, idx) DO UPDATE SET object_key = excluded.object_key,
          from_ms = excluded.from_ms, to_ms = excluded.to_ms, bytes = excluded.bytes, packets = excluded.packets,
          sha256 = excluded.sha256, incarnation = excluded.incarnation, gaps = excluded.gaps, lost = 0
        WHERE chunk.verified_ms IS NULL""",
        tape.getApp(), tape.getRecording(), tape.getSession(), promise.index(), promise.key(), promise.fromMs(),
        promise.toMs(), promise.bytes(), promise.packets(), promise.sha256(), incarnation,
        bytes(promise.gaps()));
  }

  public static Optional<Promise> findPromise(Handle handle, TapeId tape, int index) {
    return handle.createQuery("""
            SELECT * FROM chunk WHERE app = :app AND recording = :recording AND session = :session AND idx = :index""")
        .bind("app", tape.getApp()).bind("recording", tape.getRecording()).bind("session", tape.getSession())
        .bind("index", index).map((row, context) -> promise(row)).findOne();
  }

  /**
   * Notes that we have seen the object.
   *
   * @param seen the promise that the object keeps
   * @return false when that was noted before, or the promise is another one by now
   */
  public static boolean verify(Handle handle, TapeId tape, Promise seen, long nowMillis) {
    return handle.execute("""
        UPDATE chunk SET verified_ms = ?, lost = 0 WHERE app = ? AND recording = ? AND session = ? AND idx = ?
          AND verified_ms IS NULL AND sha256 = ? AND object_key = ?""",
        nowMillis, tape.getApp(), tape.getRecording(), tape.getSession(), seen.index(), seen.sha256(), seen.key()) == 1;
  }

  public static String peerOf(Handle handle, TapeId tape) {
    return handle.createQuery("""
            SELECT peer FROM tape WHERE app = :app AND recording = :recording AND session = :session""")
        .bind("app", tape.getApp()).bind("recording", tape.getRecording()).bind("session", tape.getSession())
        .mapTo(String.class).one();
  }

  /** Chunks that are promised and neither verified nor lost, of all recordings. */
  public static long countOpen(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM chunk WHERE verified_ms IS NULL AND lost = 0")
        .mapTo(Long.class).one();
  }

  /** Chunks that were promised and are known to be lost, of all recordings. */
  public static long countLost(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM chunk WHERE verified_ms IS NULL AND lost = 1")
        .mapTo(Long.class).one();
  }

  /** The whole ledger of one recording. */
  public static List<Tape> of(Handle handle, String app, long recording) {
    return handle.createQuery("""
            SELECT * FROM tape WHERE app = :app AND recording = :recording ORDER BY opened_ms, session""")
        .bind("app", app).bind("recording", recording)
        .map((row, context) -> tape(handle, row)).list();
  }

  /** Bytes of all chunks promised so far. */
  public static long promisedBytes(Handle handle, String app, long recording) {
    return handle.createQuery("""
            SELECT COALESCE(SUM(bytes), 0) FROM chunk WHERE app = :app AND recording = :recording""")
        .bind("app", app).bind("recording", recording).mapTo(Long.class).one();
  }

  /** Names of everybody on the recording, each once. */
  public static List<String> peers(Handle handle, String app, long recording) {
    return handle.createQuery("""
            SELECT peer FROM tape WHERE app = :app AND recording = :recording GROUP BY peer
            ORDER BY MIN(opened_ms), peer""")
        .bind("app", app).bind("recording", recording).mapTo(String.class).list();
  }

  /** Whether this session is on an open recording now. */
  public static boolean isRunning(Handle handle, String app, long recording, long session) {
    return handle.createQuery("""
            SELECT COUNT(*) FROM tape WHERE app = :app AND recording = :recording AND session = :session
              AND closed IS NULL""")
        .bind("app", app).bind("recording", recording).bind("session", session).mapTo(Long.class).one() > 0;
  }

  private static Tape tape(Handle handle, ResultSet row) throws SQLException {
    String app = row.getString("app");
    long recording = row.getLong("recording");
    long session = row.getLong("session");
    List<Promise> promises = handle.createQuery("""
            SELECT * FROM chunk WHERE app = :app AND recording = :recording AND session = :session ORDER BY idx""")
        .bind("app", app).bind("recording", recording).bind("session", session)
        .map((chunk, context) -> promise(chunk)).list();
    return new Tape(row.getString("peer"), session, row.getLong("node"), row.getLong("opened_ms"), promises,
        closed(row.getBytes("tracks")).map(TapeClosed::getTracksList).orElse(List.of()),
        closed(row.getBytes("closed")));
  }

  private static Optional<TapeClosed> closed(byte[] bytes) throws SQLException {
    try {
      return bytes == null ? Optional.empty() : Optional.of(TapeClosed.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("a tape row holds bytes that are no TapeClosed", e);
    }
  }

  private static Promise promise(ResultSet row) throws SQLException {
    long verifiedMs = row.getLong("verified_ms");
    boolean isVerified = !row.wasNull() && verifiedMs > 0;
    Promise.State notVerified = row.getInt("lost") == 1 ? Promise.State.LOST : Promise.State.OPEN;
    return new Promise(row.getInt("idx"), row.getString("object_key"), row.getLong("from_ms"), row.getLong("to_ms"),
        row.getLong("bytes"), row.getLong("packets"), row.getString("sha256"),
        isVerified ? Promise.State.VERIFIED : notVerified, gaps(row.getBytes("gaps")));
  }

  /** Tracks of a tape as they stand in its row. */
  static byte[] bytesOf(List<TapeTrack> tracks) {
    return TapeClosed.newBuilder().addAllTracks(tracks).build().toByteArray();
  }

  /** Gaps of a chunk as they stand in its row. */
  static byte[] bytes(List<Gap> gaps) {
    return ChunkSealed.newBuilder().addAllGaps(gaps).build().toByteArray();
  }

  private static List<Gap> gaps(byte[] bytes) throws SQLException {
    try {
      return bytes == null ? List.of() : ChunkSealed.parseFrom(bytes).getGapsList();
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("a chunk row holds gaps that are no ChunkSealed", e);
    }
  }
}
