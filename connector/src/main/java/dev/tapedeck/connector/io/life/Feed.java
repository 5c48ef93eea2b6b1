package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.core.hook.EventKind;
import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.connector.io.hook.Hooks;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.RecordingRows.Recording;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordEvent;
import dev.tapedeck.protocol.wire.RoomEvent;
import org.jdbi.v3.core.Handle;

/**
 * Where every event is written down, in the transaction of what caused it: into the feed that apps read by cursor, and for
 * each hook that wants it into that hook's lane.
 */
public final class Feed {
  private final Hooks hooks;
  private final long ownNode;

  /** @param ownNode number of this connector, told with events of rooms */
  public Feed(Hooks hooks, long ownNode) {
    this.hooks = hooks;
    this.ownNode = ownNode;
  }

  void room(Handle handle, RoomEvent.Builder event, long tsMillis, long nowMillis) {
    append(handle, event.getApp(), event.getRoom(),
        HookEvent.newBuilder().setNode((int) ownNode).setTs(tsMillis).setRoom(event).build(), nowMillis);
  }

  void record(Handle handle, long node, RecordEvent.Builder event, long tsMillis, long nowMillis) {
    append(handle, event.getApp(), event.getRoom(),
        HookEvent.newBuilder().setNode((int) node).setTs(tsMillis).setRecord(event).build(), nowMillis);
  }

  /** Tells that a chunk was verified, if a hook asked to know; else nothing is written. */
  public void chunkStored(Handle handle, Recording recording, String peer, long session, Promise chunk, long nowMillis) {
    if (hooks.of(recording.app(), EventKind.CHUNK_STORED).isEmpty()) {
      return;
    }
    record(handle, recording.node(), RecordEvent.newBuilder().setApp(recording.app()).setRoom(recording.room())
        .setChunkStored(RecordEvent.ChunkStored.newBuilder()
            .setPath(Intake.path(recording.app(), recording.room(), recording.recording()))
            .setPeer(peer)
            .setSession(session)
            .setIndex(chunk.index())
            .setKey(chunk.key())
            .setBytes(chunk.bytes())
            .setPackets(chunk.packets())
            .setSha256(chunk.sha256())), nowMillis, nowMillis);
  }

  /** @param room where the session is or was, "" when it is nowhere yet */
  void peer(Handle handle, long node, String room, PeerEvent event, long tsMillis, long nowMillis) {
    append(handle, event.getApp(), room,
        HookEvent.newBuilder().setNode((int) node).setTs(tsMillis).setPeer(event).build(), nowMillis);
  }

  /** Writes an event that came from elsewhere, unless it is here already. @param sourceId the same each time it is sent */
  public void appendOnce(Handle handle, String app, HookEvent event, String sourceId, long nowMillis) {
    if (FeedRows.isNew(handle, app, sourceId)) {
      FeedRows.setSource(handle, append(handle, app, "", event, nowMillis), sourceId);
    }
  }

  /** Writes an event of any kind. @param room names the lane: events of one room reach a hook in their order */
  public long append(Handle handle, String app, String room, HookEvent event, long nowMillis) {
    String kind = EventKind.of(event);
    long id = FeedRows.append(handle, app, room, kind, event, nowMillis);
    for (Hook hook : hooks.of(app, kind)) {
      FeedRows.enqueue(handle, hook.id(), id, room, nowMillis);
    }
    return id;
  }
}
