package dev.tapedeck.media.core.room;

/**
 * Which temporal layers of a stream one receiver gets: fewer from the next picture on, more where the pictures allow it
 * or at the next key frame. A sender that marks no such pictures is followed upwards at key frames alone. Owned by the
 * worker thread.
 */
final class TemporalSwitch {
  private int shown = TemporalLayers.HIGHEST;
  private int shownBefore = TemporalLayers.HIGHEST;

  /** The first packet for which {@link #shown} holds, by the numbers of the stream shown now. */
  private long changedSequence = Long.MIN_VALUE;

  private boolean hasPicture;
  private int timestamp;

  /** The greatest layer the receiver gets now. */
  int shown() {
    return shown;
  }

  /** Another stream, or one after a pause: what was before counts for nothing, its numbers neither. */
  void begin() {
    hasPicture = false;
    shownBefore = shown;
    changedSequence = Long.MIN_VALUE;
  }

  /**
   * Whether the receiver gets the newest packet.
   *
   * @param wanted greatest layer it should get
   */
  boolean takes(long sequence, int timestamp, TemporalLayers picture, boolean startsKeyFrame, int wanted) {
    if (!hasPicture || startsKeyFrame) {
      change(sequence, wanted);
    } else if (timestamp != this.timestamp && wanted != shown) {
      follow(sequence, picture, wanted);
    }
    hasPicture = true;
    this.timestamp = timestamp;
    return picture.layer() <= shown;
  }

  /** Whether the receiver gets a packet that comes after newer ones. */
  boolean tookAt(long sequence, TemporalLayers picture) {
    return picture.layer() <= (sequence < changedSequence ? shownBefore : shown);
  }

  private void follow(long sequence, TemporalLayers picture, int wanted) {
    if (wanted < shown) {
      change(sequence, wanted);
    } else if (picture.opensFrom() <= shown && picture.opensTo() > shown) {
      change(sequence, Math.min(wanted, picture.opensTo()));
    }
  }

  private void change(long sequence, int to) {
    if (to != shown) {
      shownBefore = shown;
      shown = to;
      changedSequence = sequence;
    }
  }
}
