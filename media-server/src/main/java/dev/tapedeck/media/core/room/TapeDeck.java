package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.RecordingOrders;
import java.util.random.RandomGenerator;

/**
 * What a worker needs to tape: where slabs go, how large they may be, and who draws ids.
 *
 * @param node       number of this media server
 * @param graceNanos how long a recording waits for a taped peer to come back
 * @param unfinished used by all workers
 */
public record TapeDeck(int node, RecordLimits limits, SlabSink sink, WallClock wallClock, RandomGenerator random,
    long graceNanos, UnfinishedRecordings unfinished) {
  /** A deck after a start on an empty disk. */
  public TapeDeck(
      int node, RecordLimits limits, SlabSink sink, WallClock wallClock, RandomGenerator random, long graceNanos) {
    this(node, limits, sink, wallClock, random, graceNanos, UnfinishedRecordings.NONE);
  }

  RecordTap open(TapeIdentity identity, RecordPolicy policy, long nowNanos) {
    return new RecordTap(
        identity, limits, sink, wallClock, policy.getLayers() == RecordPolicy.Layers.AUDIO_FIRST, nowNanos);
  }

  long newRecording() {
    return Ids.draw(random);
  }

  void recordingOrdered(RecordingOrders orders) {
    sink.offer(new TapeMessage.RecordingOrdered(orders));
  }

  void recordingClosed(String app, String room, long recording, String reason) {
    sink.recordingClosed(app, room, recording, reason);
  }
}
