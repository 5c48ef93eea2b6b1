package dev.tapedeck.media.sim;

import dev.tapedeck.protocol.chunk.ChunkEntry;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import java.util.Optional;

/** One entry of a chunk, copied from its reader, which uses the same one again. */
record SimEntry(
    EntryKind kind,
    int track,
    long arrivalNanos,
    boolean startsKeyFrame,
    byte[] payload,
    Optional<TrackEntry> asTrack,
    Optional<GapEntry> asGap) {

  static SimEntry of(ChunkEntry entry) {
    boolean isRtp = entry.kind() == EntryKind.RTP;
    return new SimEntry(entry.kind(), entry.track(), entry.arrivalNanos(), isRtp && entry.startsKeyFrame(),
        entry.payload(), entry.asTrack(), entry.asGap());
  }

  RoomEventEntry asRoomEvent() {
    return RoomEventEntry.parse(payload).orElseThrow();
  }
}
