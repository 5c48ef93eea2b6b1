package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;

/** Events that nobody hears: none is ever stored, so the spool lets go of nothing. */
public class UnheardEvents implements SpoolEvents {
  @Override
  public void tapeOpened(TapeOpened event) {}

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {}

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {}

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {}

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {}
}
