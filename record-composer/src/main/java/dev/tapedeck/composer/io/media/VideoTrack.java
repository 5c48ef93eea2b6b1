package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.EncodedFrame;
import java.util.Optional;

/** One video track of a composition: always the latest picture at the time of the canvas. After a broken frame the
 *  last good picture stays until the next key frame. */
final class VideoTrack implements AutoCloseable {
  private final TrackFrames frames;
  private final VideoDecoder decoder;
  private boolean awaitsKeyFrame = true;
  private Picture picture;
  private int rotationDegrees;

  VideoTrack(TrackFrames frames) throws MediaException {
    this.frames = frames;
    decoder = new VideoDecoder(frames.info());
  }

  TrackFrames frames() {
    return frames;
  }

  /** Decodes what is shown up to and at a time.
   *  @return whether there is a newer picture than before */
  boolean advanceTo(long nanos) {
    boolean advanced = false;
    for (Optional<EncodedFrame> next = frames.takeBefore(nanos + 1); next.isPresent();
        next = frames.takeBefore(nanos + 1)) {
      advanced |= decode(next.get());
    }
    return advanced;
  }

  /** The latest picture, empty before the first; valid until the track advances. */
  Optional<Picture> picture() {
    return Optional.ofNullable(picture);
  }

  /** Clockwise turn the latest picture needs. */
  int rotationDegrees() {
    return rotationDegrees;
  }

  private boolean decode(EncodedFrame frame) {
    if (awaitsKeyFrame && !frame.keyFrame()) {
      frames.lose(frame, "no key frame before it");
      return false;
    }
    boolean decoded = false;
    try {
      decoder.send(frame);
      for (Optional<Picture> next = decoder.receive(); next.isPresent(); next = decoder.receive()) {
        picture = next.get();
        rotationDegrees = frame.rotationDegrees();
        decoded = true;
      }
      awaitsKeyFrame = false;
    } catch (MediaException e) {
      frames.lose(frame, e.getMessage());
      awaitsKeyFrame = true;
    }
    return decoded;
  }

  @Override
  public void close() {
    frames.close();
    decoder.close();
  }
}
