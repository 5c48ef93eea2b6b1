package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in where no connector is configured: nothing is uploaded and nothing is deleted. What was taped waits in the
 * spool until the server is started again with a connector.
 */
public final class NoConnector implements UploadLink, SpoolEvents {
  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws InterruptedException {
    never.await();
    throw new IllegalStateException("unreachable");
  }

  @Override
  public void confirmStored(ChunkSealed chunk) throws InterruptedException {
    never.await();
  }

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
