package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.wire.TapeId;

/**
 * Whose tape this is: one session within one recording.
 *
 * @param node number of this media server
 */
public record TapeIdentity(
    String app, String room, long roomInstance, long recording, String peer, long session, int node) {

  public TapeId toWire() {
    return TapeId.newBuilder().setApp(app).setRoom(room).setRecording(recording).setPeer(peer).setSession(session)
        .build();
  }
}
