package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.util.function.LongSupplier;

/** Tells the connector what the spool tells. Called on the spool thread; only queues. */
public final class SpoolEventTeller implements SpoolEvents {
  private final ConnectorClient connector;
  private final LongSupplier wallMillis;

  public SpoolEventTeller(ConnectorClient connector, LongSupplier wallMillis) {
    this.connector = connector;
    this.wallMillis = wallMillis;
  }

  @Override
  public void tapeOpened(TapeOpened event) {
    connector.tell(NodeEvent.newBuilder().setTapeOpened(event), wallMillis.getAsLong());
  }

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    connector.tell(NodeEvent.newBuilder().setChunkSealed(event), wallMillis.getAsLong(), whenStored);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    connector.tell(NodeEvent.newBuilder().setTapeClosed(event), wallMillis.getAsLong(), whenStored);
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {
    connector.tell(NodeEvent.newBuilder().setRecordingInterrupted(event), wallMillis.getAsLong());
  }

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    connector.tell(NodeEvent.newBuilder().setRecordingClosed(event), wallMillis.getAsLong(), whenStored);
  }
}
