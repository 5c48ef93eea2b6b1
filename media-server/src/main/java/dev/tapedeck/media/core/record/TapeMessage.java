package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.TapeClosed;

/** What passes from a worker to the spool, in order. */
public sealed interface TapeMessage permits Slab, TapeMessage.ChunkEnded, TapeMessage.TapeEnded,
    TapeMessage.RecordingEnded, TapeMessage.RecordingOrdered {
  /**
   * All slabs of this chunk have been handed over.
   *
   * @param soFar what a close at this moment would say
   */
  record ChunkEnded(TapeIdentity tape, int chunk, TapeClosed soFar) implements TapeMessage {}

  /** All chunks of this tape have ended. */
  record TapeEnded(TapeIdentity tape, TapeClosed closed) implements TapeMessage {}

  /** All tapes of this recording have ended. */
  record RecordingEnded(RecordingClosed closed) implements TapeMessage {}

  /** What is in force for this open recording from now on. */
  record RecordingOrdered(RecordingOrders orders) implements TapeMessage {}
}
