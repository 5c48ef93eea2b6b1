package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.ComposeTrack;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.mix.TrackKey;
import java.io.IOException;
import java.util.Optional;

/** The frames of one track of a composition, one ahead, and a tally of what was wrong with them. A track that cannot be
 *  read further ends; it never ends the composition. */
final class TrackFrames implements AutoCloseable {
  private final ComposeTrack track;
  private EncodedFrame ahead;
  private boolean ended;
  private long lostFrames;
  private long firstLostNanos;
  private String firstReason = "";

  TrackFrames(ComposeTrack track) {
    this.track = track;
  }

  TrackKey key() {
    return TrackKey.of(track);
  }

  StreamInfo info() {
    return track.frames().info();
  }

  /** @return the next frame if it begins before {@code nanos}, and takes it */
  Optional<EncodedFrame> takeBefore(long nanos) {
    if (ahead == null && !ended) {
      readAhead();
    }
    if (ahead == null || ahead.ptsNanos() >= nanos) {
      return Optional.empty();
    }
    EncodedFrame frame = ahead;
    ahead = null;
    return Optional.of(frame);
  }

  /** Notes a frame that cannot be shown or heard. */
  void lose(EncodedFrame frame, String reason) {
    lose(frame.ptsNanos(), reason);
  }

  Optional<TrackWarning> warning() {
    return lostFrames == 0 ? Optional.empty() : Optional.of(new TrackWarning(key(), lostFrames
        + " frames left out, the first at " + firstLostNanos / 1_000_000 + " ms: " + firstReason));
  }

  private void readAhead() {
    try {
      ahead = track.frames().next();
    } catch (IOException e) {
      lose(0, "track ends early, " + e.getMessage());
    }
    ended = ahead == null;
  }

  private void lose(long atNanos, String reason) {
    if (lostFrames++ == 0) {
      firstLostNanos = atNanos;
      firstReason = reason;
    }
  }

  @Override
  public void close() {
    try {
      track.frames().close();
    } catch (IOException e) {
      lose(0, "closing failed, " + e.getMessage());
    }
  }
}
