package dev.tapedeck.composer.core.media;

/** One encoded frame of one track on the recording's time axis.
 *  @param ptsNanos        presentation time; 0 is the start of the recording. Below 0 only for the pre-skip of Opus,
 *                         which is decoded but not heard (RFC 7845 §4.2)
 *  @param durationNanos   how long it is shown or heard; 0 when not known
 *  @param keyFrame        whether decoding may begin here; always true for audio
 *  @param rotationDegrees clockwise turn a viewer must apply, 0, 90, 180 or 270 (the CVO header extension of
 *                         3GPP TS 26.114); may change at any frame
 *  @param data            whole frame: a VP8, VP9 or Opus payload, an H.264 access unit with start codes (Annex B),
 *                         or an AV1 temporal unit of OBUs that carry their sizes. Not copied: hand it over */
public record EncodedFrame(long ptsNanos, long durationNanos, boolean keyFrame, int rotationDegrees, byte[] data) {

  /** A frame that needs no turning. */
  public EncodedFrame(long ptsNanos, long durationNanos, boolean keyFrame, byte[] data) {
    this(ptsNanos, durationNanos, keyFrame, 0, data);
  }

  public EncodedFrame {
    if (durationNanos < 0) {
      throw new IllegalArgumentException("frame lasts " + durationNanos + " ns: must be >= 0");
    }
    if (rotationDegrees < 0 || rotationDegrees > 270 || rotationDegrees % 90 != 0) {
      throw new IllegalArgumentException("rotation " + rotationDegrees + ": must be 0, 90, 180 or 270");
    }
  }
}
