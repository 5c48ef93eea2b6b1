package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;

/**
 * What the spool tells the connector. Called by the spool thread, which must not be held up: an implementation queues.
 *
 * <p>The order holds: a tape's chunks before its close, its close before its recording's. After a restart everything
 * that was not known to be stored is told again, so each event means the same when told twice. {@code whenStored} is to
 * be run, by any thread, once the connector has the event; until then it stays in the journal.
 *
 * <p>What a chunk is, its tape and index say: once an object of an index is verified, a later promise of that index
 * means the same packets or fewer. After a crash the new process promises again what it still has before it tells a
 * tape's close; what the dead one had promised besides, and was never stored, is lost.
 *
 * <p>A close may be told again with more gaps and more lost chunks, when the disk does not give a chunk back; the facts
 * of the first stand.
 */
public interface SpoolEvents {
  void tapeOpened(TapeOpened event);

  void chunkSealed(ChunkSealed event, Runnable whenStored);

  void tapeClosed(TapeClosed event, Runnable whenStored);

  /** Told again with the close, so nobody waits for the connector to have it. */
  void recordingInterrupted(RecordingInterrupted event);

  void recordingClosed(RecordingClosed event, Runnable whenStored);
}
