package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.chunk.GapEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells what the disk has lost of a chunk that a dead process left: pieces within it, or its end. */
final class SpoolLoss {
  private SpoolLoss() {}

  /**
   * The spans of what is missing between the first and the last piece that there are or were.
   *
   * @return empty for a chunk that is whole, and for one that was still open when its process died
   */
  static List<GapEntry> of(SpooledTape tape, SpooledChunk chunk) {
    List<GapEntry> losses = new ArrayList<>();
    if (chunk.isSealed()) {
      return losses;
    }
    chunk.hole().ifPresent(losses::add);
    Map.Entry<Integer, SpooledChunk> next = tape.chunks.higherEntry(chunk.index);
    boolean shouldHaveEnded = tape.isClosed || chunk.index < tape.soFar.getChunks() || next != null;
    if (shouldHaveEnded && !chunk.hasEnded) {
      long knownAgainMillis = next == null ? tape.soFar.getEndedMs() : next.getValue().fromMillis();
      losses.add(new GapEntry(
          0, chunk.lastMillis(), Math.max(chunk.lastMillis(), knownAgainMillis), GapEntry.DISK, 0));
    }
    return losses;
  }
}
