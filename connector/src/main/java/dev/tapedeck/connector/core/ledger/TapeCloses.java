package dev.tapedeck.connector.core.ledger;

import dev.tapedeck.protocol.wire.TapeClosed;
import java.util.LinkedHashSet;
import java.util.Set;

/** Makes one of all that is told of a tape's close: by a node, by the process that took over from it, or once more. */
public final class TapeCloses {
  private TapeCloses() {}

  /** The facts of the first, since only a process that saw the end knows it; the losses of both. */
  public static TapeClosed unite(TapeClosed first, TapeClosed later) {
    return first.toBuilder()
        .clearGaps().addAllGaps(union(first.getGapsList(), later.getGapsList()))
        .clearLostChunks().addAllLostChunks(union(first.getLostChunksList(), later.getLostChunksList()))
        .build();
  }

  private static <T> Set<T> union(Iterable<T> first, Iterable<T> later) {
    Set<T> all = new LinkedHashSet<>();
    first.forEach(all::add);
    later.forEach(all::add);
    return all;
  }
}
