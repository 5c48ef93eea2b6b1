package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connector's outbox that acknowledges at once, or never. */
final class ToldEvents implements SpoolEvents {
  final List<String> interruptions = new CopyOnWriteArrayList<>();
  final Queue<ChunkSealed> chunksSealed = new ConcurrentLinkedQueue<>();
  final Queue<ChunkSealed> everSealed = new ConcurrentLinkedQueue<>();
  final Queue<TapeClosed> tapesClosed = new ConcurrentLinkedQueue<>();
  final Queue<RecordingClosed> recordingsClosed = new ConcurrentLinkedQueue<>();
  volatile boolean acknowledges;

  @Override
  public void tapeOpened(TapeOpened event) {}

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    chunksSealed.add(event);
    everSealed.add(event);
    acknowledge(whenStored);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    tapesClosed.add(event);
    acknowledge(whenStored);
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {
    event.getInterruptionsList().forEach(gap ->
        interruptions.add(gap.getCause() + " " + gap.getFromMs() + ".." + gap.getToMs()));
  }

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    recordingsClosed.add(event);
    acknowledge(whenStored);
  }

  private void acknowledge(Runnable whenStored) {
    if (acknowledges) {
      whenStored.run();
    }
  }
}
