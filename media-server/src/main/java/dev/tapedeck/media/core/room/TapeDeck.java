package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.random.RandomGenerator;

/**
 * What a worker needs to tape: where slabs go, how large they may be, and who draws ids.
 *
 * @param node       number of this media server
 * @param graceNanos how long a recording waits for a taped peer to come back
 */
public record TapeDeck(
    int node, RecordLimits limits, SlabSink sink, WallClock wallClock, RandomGenerator random, long graceNanos) {

  RecordTap open(TapeIdentity identity, RecordPolicy policy, long nowNanos) {
    return new RecordTap(
        identity, limits, sink, wallClock, policy.getLayers() == RecordPolicy.Layers.AUDIO_FIRST, nowNanos);
  }

  long mintId() {
    return Ids.draw(random);
  }

  void recordingClosed(String app, String room, long recording, String reason) {
    sink.recordingClosed(app, room, recording, reason);
  }
}
