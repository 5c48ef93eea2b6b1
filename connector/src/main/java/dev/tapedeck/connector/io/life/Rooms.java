package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.RoomRows.Room;
import dev.tapedeck.connector.io.store.RoomRows.Stay;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RoomEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Changes rooms and tells about it: rows, feed and watchers together, always within one {@link Change}. */
final class Rooms {
  /** Why a room ended whose media server is gone. */
  static final String CRASH = "crash";

  private final Feed feed;
  private final RandomGenerator random;

  Rooms(Feed feed, RandomGenerator random) {
    this.feed = feed;
    this.random = random;
  }

  /** The open instance, begun now if there was none. */
  Room open(Change change, String app, String name, long instance) {
    Optional<Room> open = RoomRows.open(change.handle(), app, name);
    if (open.isPresent() && (instance == 0 || open.get().instance() == instance)) {
      return open.get();
    }
    // The media server began a new instance, so the one before is over even if nobody said so.
    open.ifPresent(before -> end(change, before, "replaced"));
    boolean isNew = instance != 0 && !RoomRows.exists(change.handle(), app, instance);
    Room room = new Room(app, isNew ? instance : Ids.draw(random), name, change.node(), change.incarnation(),
        change.tsMillis(), OptionalLong.empty());
    RoomRows.insert(change.handle(), room);
    change.tell(app, name, "room_started", Map.of("instance", room.instance(), "startedAt",
        ManifestJson.iso(Instant.ofEpochMilli(room.startedMs()))));
    feed.room(change.handle(), event(room).setStarted(RoomEvent.Started.getDefaultInstance()), change.tsMillis(),
        change.nowMillis());
    return room;
  }

  /** @param isUntaped what the session sends is not to be taped */
  void join(Change change, String app, String name, String peer, long session, boolean isUntaped) {
    RoomRows.stayOf(change.handle(), app, session).ifPresent(stay -> leave(change, stay));
    Room room = open(change, app, name, 0);
    RoomRows.join(change.handle(),
        new Stay(app, session, room.instance(), name, peer, change.node(), change.tsMillis()), isUntaped);
    RoomRows.setOccupied(change.handle(), room);
    feed.room(change.handle(), event(room).setPeerJoined(RoomEvent.PeerJoined.newBuilder().setPeer(peer)),
        change.tsMillis(), change.nowMillis());
    change.tell(app, name, "peer_joined",
        Map.of("peer", peer, "session", session, "joinedAt",
            ManifestJson.iso(Instant.ofEpochMilli(change.tsMillis())), "recorded", false, "tracks", List.of()));
  }

  void leave(Change change, Stay stay) {
    Room room = RoomRows.open(change.handle(), stay.app(), stay.room())
        .filter(open -> open.instance() == stay.instance()).orElse(null);
    RoomRows.leave(change.handle(), stay, change.tsMillis());
    change.tell(stay.app(), stay.room(), "peer_left", Map.of("peer", stay.peer(), "session", stay.session()));
    if (room == null) {
      return;
    }
    feed.room(change.handle(), event(room).setPeerLeaved(RoomEvent.PeerLeaved.newBuilder().setPeer(stay.peer())),
        change.tsMillis(), change.nowMillis());
    if (RoomRows.staysIn(change.handle(), room).isEmpty()) {
      RoomRows.setEmptySince(change.handle(), room, change.nowMillis());
      feed.room(change.handle(), event(room).setAllPeersLeaved(RoomEvent.AllPeersLeaved.getDefaultInstance()),
          change.tsMillis(), change.nowMillis());
    }
  }

  void end(Change change, Room room, String reason) {
    List<Stay> stays = RoomRows.staysIn(change.handle(), room);
    stays.forEach(stay -> leave(change, stay));
    if (reason.equals(CRASH)) {
      stays.forEach(stay -> disconnected(change, stay));
    }
    RoomRows.end(change.handle(), room, reason, change.nowMillis());
    change.tell(room.app(), room.name(), "room_stopped", Map.of("instance", room.instance(), "reason", reason));
    feed.room(change.handle(), event(room).setStopped(RoomEvent.Stopped.getDefaultInstance()), change.nowMillis(),
        change.nowMillis());
  }

  /** The node that would have told it is dead. */
  private void disconnected(Change change, Stay stay) {
    feed.peer(change.handle(), stay.node(), stay.room(), PeerEvent.newBuilder().setApp(stay.app())
        .setSessionId(stay.session()).setDisconnected(PeerEvent.Disconnected.newBuilder()
            .setDurationMs((int) Math.min(Math.max(0, change.nowMillis() - stay.joinedMs()), 0xFFFF_FFFFL))
            .setReason(PeerEvent.Disconnected.Reason.NodeShutdown)).build(), change.tsMillis(), change.nowMillis());
  }

  private static RoomEvent.Builder event(Room room) {
    return RoomEvent.newBuilder().setApp(room.app()).setRoom(room.name());
  }
}
