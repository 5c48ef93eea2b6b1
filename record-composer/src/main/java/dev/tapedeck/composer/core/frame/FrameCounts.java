package dev.tapedeck.composer.core.frame;

/**
 * What became of one stream's frames.
 *
 * @param frames            whole and decodable, handed on
 * @param keyFrames         of these, key frames
 * @param damagedFrames     dropped because a packet of theirs is missing or malformed
 * @param undecodableFrames whole, but dropped because a frame they need was
 * @param malformedPackets  payloads that are no payload of this codec
 */
public record FrameCounts(long frames, long keyFrames, long damagedFrames, long undecodableFrames,
    long malformedPackets) {

  /** Frames that were sent, at least in part, and are not in the output. */
  public long droppedFrames() {
    return damagedFrames + undecodableFrames;
  }

  public FrameCounts plus(FrameCounts other) {
    return new FrameCounts(frames + other.frames, keyFrames + other.keyFrames, damagedFrames + other.damagedFrames,
        undecodableFrames + other.undecodableFrames, malformedPackets + other.malformedPackets);
  }
}
