package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.wire.RecordingClosed;

/**
 * Where tapes hand over. The bound is on slabs: whoever was given one can always hand it over, so only {@link #take}
 * says no. Called by worker threads; never blocks.
 */
public interface SlabSink {
  /** An empty slab, or null when all are filled and the spool has not kept up: the caller tells the gap. */
  Slab take();

  /** What to leave out from now on; each thing left out is told as a gap with cause shed. */
  default Pressure pressure() {
    return Pressure.NONE;
  }

  /** Hands over; messages of one caller arrive in order. A slab belongs to the receiver from now on. */
  void offer(TapeMessage message);

  /**
   * Tells that no further packet is taped for this recording, behind everything handed over before.
   *
   * @param reason stop | empty | room | shutdown
   */
  default void recordingClosed(String app, String room, long recording, String reason) {
    offer(new TapeMessage.RecordingEnded(RecordingClosed.newBuilder().setApp(app).setRoom(room)
        .setRecording(recording).setReason(reason).build()));
  }
}
