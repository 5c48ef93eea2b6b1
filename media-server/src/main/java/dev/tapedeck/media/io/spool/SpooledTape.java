package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the spool knows of one tape. Owned by the spool thread. */
final class SpooledTape {
  final TapeId id;

  /** Chunks not yet known to be stored, by index; the last one may be open. */
  final TreeMap<Integer, SpooledChunk> chunks = new TreeMap<>();

  /** The newest tape frame in the journal, or null. */
  JournalFrame note;

  /** What a close at the last chunk's end would have said; after the close, what it says. */
  TapeClosed soFar;

  boolean isClosed;

  /** The connector has the close. */
  boolean isCloseStored;

  private final List<Gap> diskGaps = new ArrayList<>();
  private long droppedPackets;

  SpooledTape(TapeId id) {
    this.id = id;
    soFar = TapeClosed.newBuilder().setTape(id).build();
  }

  void dropped(Gap gap) {
    diskGaps.add(gap);
    droppedPackets += gap.getPackets();
  }

  /** What the worker says, less what the spool had to drop. */
  TapeClosed corrected(TapeClosed told) {
    return told.toBuilder().setPackets(told.getPackets() - droppedPackets).addAllGaps(diskGaps).build();
  }

  /** Nothing of it is needed any more but the fact that it was. */
  boolean isDone() {
    return isClosed && isCloseStored && chunks.isEmpty();
  }
}
