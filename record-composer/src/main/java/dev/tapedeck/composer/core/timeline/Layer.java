package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.Depacketizer;
import dev.tapedeck.composer.core.frame.Frame;
import dev.tapedeck.composer.core.frame.LossPolicy;

/**
 * One SSRC with its clock fitted: its media on the wall clock of the recording.
 *
 * @param wallOffsetNanos what to add to the node's monotonic clock for nanoseconds since 1970
 */
record Layer(LayerTape tape, TrackClock clock, long wallOffsetNanos) {

  long captureWallNanos(Frame frame) {
    return clock.captureNanos(frame.firstPacket(), frame.rtpTime()) + wallOffsetNanos;
  }

  /** Reads the frames from the start. */
  FrameReader frames(LossPolicy lossPolicy) {
    TrackDescription description = tape.description();
    return new FrameReader(tape, Depacketizer.of(description.codec(), description.fmtp(), lossPolicy));
  }
}
