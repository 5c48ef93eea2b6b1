package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the spool knows of one tape. Owned by the spool thread. */
final class SpooledTape {
  /** Gaps told one by one; a disk that is full for hours widens the last one, so that what the close says stays small. */
  static final int MAX_DISK_GAPS = 1000;

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
  private final Set<Integer> lostChunks = new TreeSet<>();
  private long droppedPackets;

  SpooledTape(TapeId id) {
    this.id = id;
    soFar = TapeClosed.newBuilder().setTape(id).build();
  }

  /** Unix milliseconds of its first entry; 0 while nothing is known of it. */
  long startedMillis() {
    boolean isNoted = soFar.getStartedMs() > 0 || chunks.isEmpty();
    return isNoted ? soFar.getStartedMs() : chunks.firstEntry().getValue().fromMillis();
  }

  void dropped(Gap gap) {
    if (diskGaps.size() < MAX_DISK_GAPS) {
      diskGaps.add(gap);
    } else {
      Gap last = diskGaps.removeLast();
      diskGaps.add(last.toBuilder().setFromMs(Math.min(last.getFromMs(), gap.getFromMs()))
          .setToMs(Math.max(last.getToMs(), gap.getToMs())).setPackets(last.getPackets() + gap.getPackets()).build());
    }
    droppedPackets += gap.getPackets();
  }

  /** A promised chunk is lost as a whole; the close will say so, and what a close would have said says it now. */
  void lost(ChunkSealed chunk) {
    if (soFar.getLostChunksList().contains(chunk.getIndex())) {
      return; // a process before this one lost it already
    }
    Gap gap = Gap.newBuilder().setFromMs(chunk.getFromMs()).setToMs(chunk.getToMs()).setCause(GapEntry.DISK)
        .setPackets(chunk.getPackets()).build();
    dropped(gap);
    lostChunks.add(chunk.getIndex());
    soFar = soFar.toBuilder().setPackets(soFar.getPackets() - chunk.getPackets()).addGaps(gap)
        .addLostChunks(chunk.getIndex()).build();
  }

  /** What the worker says, less what the spool had to drop. */
  TapeClosed corrected(TapeClosed told) {
    return told.toBuilder().setPackets(told.getPackets() - droppedPackets).addAllGaps(diskGaps)
        .addAllLostChunks(lostChunks).build();
  }

  /** Nothing of it is needed any more but the fact that it was. */
  boolean isDone() {
    return isClosed && isCloseStored && chunks.isEmpty();
  }
}
