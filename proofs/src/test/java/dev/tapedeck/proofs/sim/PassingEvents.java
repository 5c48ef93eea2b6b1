package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;

/** Passes on what the spool tells; a planted bug changes one of it. */
class PassingEvents implements SpoolEvents {
  private final SpoolEvents inner;

  PassingEvents(SpoolEvents inner) {
    this.inner = inner;
  }

  @Override
  public void tapeOpened(TapeOpened event) {
    inner.tapeOpened(event);
  }

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    inner.chunkSealed(event, whenStored);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    inner.tapeClosed(event, whenStored);
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {
    inner.recordingInterrupted(event);
  }

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    inner.recordingClosed(event, whenStored);
  }
}
