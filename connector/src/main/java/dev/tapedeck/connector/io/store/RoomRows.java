package dev.tapedeck.connector.io.store;

import dev.tapedeck.protocol.manifest.Exclusions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Room instances, and who is in them. */
public final class RoomRows {
  /** Nobody told of the instance, or there were several. */
  public static final long ANY_INSTANCE = 0;

  private RoomRows() {}

  /** One life of a room, from its first join until it ended. */
  public record Room(String app, long instance, String name, long node, long incarnation, long startedMs,
      OptionalLong emptySinceMs) {}

  /** One stay of a session in a room. */
  public record Stay(String app, long session, long instance, String room, String peer, long node, long joinedMs) {}

  /**
   * One published track of a session.
   *
   * @param kind  audio | video
   * @param muted by order: nobody gets it, and it is not taped
   */
  public record Track(String name, String kind, String codec, boolean muted) {}

  public static Optional<Room> open(Handle handle, String app, String name) {
    return handle.createQuery("SELECT * FROM room WHERE app = :app AND name = :name AND ended_ms IS NULL")
        .bind("app", app).bind("name", name).map((row, context) -> room(row)).findOne();
  }

  /** Every open instance, of all apps: for the sweeper only. */
  public static List<Room> allOpen(Handle handle) {
    return handle.createQuery("SELECT * FROM room WHERE ended_ms IS NULL").map((row, context) -> room(row)).list();
  }

  /** Open instances of one app, the oldest first. */
  public static List<Room> openOf(Handle handle, String app, int limit, long offset) {
    return handle.createQuery("""
            SELECT * FROM room WHERE app = :app AND ended_ms IS NULL ORDER BY started_ms, instance
            LIMIT :limit OFFSET :offset""")
        .bind("app", app).bind("limit", limit).bind("offset", offset).map((row, context) -> room(row)).list();
  }

  public static long countOpenOf(Handle handle, String app) {
    return handle.createQuery("SELECT COUNT(*) FROM room WHERE app = :app AND ended_ms IS NULL")
        .bind("app", app).mapTo(Long.class).one();
  }

  public static void insert(Handle handle, Room room) {
    handle.execute("""
        INSERT INTO room (app, instance, name, node, incarnation, started_ms, empty_since_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        room.app(), room.instance(), room.name(), room.node(), room.incarnation(), room.startedMs(),
        room.emptySinceMs().isPresent() ? room.emptySinceMs().getAsLong() : null);
  }

  public static boolean exists(Handle handle, String app, long instance) {
    return handle.createQuery("SELECT COUNT(*) FROM room WHERE app = :app AND instance = :instance")
        .bind("app", app).bind("instance", instance).mapTo(Long.class).one() > 0;
  }

  public static void setEmptySince(Handle handle, Room room, long nowMillis) {
    handle.execute("UPDATE room SET empty_since_ms = ? WHERE app = ? AND instance = ?",
        nowMillis, room.app(), room.instance());
  }

  public static void setOccupied(Handle handle, Room room) {
    handle.execute("UPDATE room SET empty_since_ms = NULL WHERE app = ? AND instance = ?", room.app(), room.instance());
  }

  public static void end(Handle handle, Room room, String reason, long nowMillis) {
    handle.execute("UPDATE room SET ended_ms = ?, end_reason = ? WHERE app = ? AND instance = ?",
        nowMillis, reason, room.app(), room.instance());
  }

  /** @param isUntaped what the session sends is not to be taped */
  public static void join(Handle handle, Stay stay, boolean isUntaped) {
    handle.execute("""
        INSERT INTO peer_session (app, session, instance, room, peer, node, joined_ms, untaped)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        stay.app(), stay.session(), stay.instance(), stay.room(), stay.peer(), stay.node(), stay.joinedMs(),
        isUntaped ? 1 : 0);
  }

  /**
   * Sessions of this instance that were not to be taped, those that left included.
   *
   * @param instance {@link #ANY_INSTANCE} for all of the room
   */
  public static List<Exclusions.Stay> untaped(Handle handle, String app, String room, long instance) {
    return handle.createQuery("""
            SELECT * FROM peer_session WHERE app = :app AND room = :room AND untaped = 1
              AND (instance = :instance OR :instance = 0) ORDER BY joined_ms, id""")
        .bind("app", app).bind("room", room).bind("instance", instance)
        .map((row, context) -> new Exclusions.Stay(row.getString("peer"), row.getLong("session"),
            row.getLong("joined_ms"), Sql.optionalLong(row, "left_ms").orElse(Long.MAX_VALUE))).list();
  }

  /** Where the session is now; a session is in at most one room. */
  public static Optional<Stay> stayOf(Handle handle, String app, long session) {
    return handle.createQuery("SELECT * FROM peer_session WHERE app = :app AND session = :session AND left_ms IS NULL")
        .bind("app", app).bind("session", session).map((row, context) -> stay(row)).findFirst();
  }

  public static List<Stay> staysIn(Handle handle, Room room) {
    return handle.createQuery("""
            SELECT * FROM peer_session WHERE app = :app AND instance = :instance AND left_ms IS NULL
            ORDER BY joined_ms, id""")
        .bind("app", room.app()).bind("instance", room.instance()).map((row, context) -> stay(row)).list();
  }

  public static void leave(Handle handle, Stay stay, long nowMillis) {
    handle.execute("UPDATE peer_session SET left_ms = ? WHERE app = ? AND session = ? AND left_ms IS NULL",
        nowMillis, stay.app(), stay.session());
    handle.execute("DELETE FROM track WHERE app = ? AND session = ?", stay.app(), stay.session());
  }

  public static void startTrack(Handle handle, String app, long session, Track track) {
    handle.execute("""
        INSERT INTO track (app, session, name, kind, codec) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (app, session, name) DO UPDATE SET kind = excluded.kind, codec = excluded.codec, muted = 0""",
        app, session, track.name(), track.kind(), track.codec());
  }

  public static void setMuted(Handle handle, String app, long session, String name, boolean muted) {
    handle.execute("UPDATE track SET muted = ? WHERE app = ? AND session = ? AND name = ?",
        muted ? 1 : 0, app, session, name);
  }

  public static void stopTrack(Handle handle, String app, long session, String name) {
    handle.execute("DELETE FROM track WHERE app = ? AND session = ? AND name = ?", app, session, name);
  }

  public static List<Track> tracksOf(Handle handle, String app, long session) {
    return handle.createQuery("SELECT * FROM track WHERE app = :app AND session = :session ORDER BY name")
        .bind("app", app).bind("session", session)
        .map((row, context) -> new Track(row.getString("name"), row.getString("kind"), row.getString("codec"),
            row.getInt("muted") == 1)).list();
  }

  private static Room room(ResultSet row) throws SQLException {
    return new Room(row.getString("app"), row.getLong("instance"), row.getString("name"), row.getLong("node"),
        row.getLong("incarnation"), row.getLong("started_ms"), Sql.optionalLong(row, "empty_since_ms"));
  }

  private static Stay stay(ResultSet row) throws SQLException {
    return new Stay(row.getString("app"), row.getLong("session"), row.getLong("instance"), row.getString("room"),
        row.getString("peer"), row.getLong("node"), row.getLong("joined_ms"));
  }
}
