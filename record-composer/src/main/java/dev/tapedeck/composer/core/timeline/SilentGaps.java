package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.OpusFrames;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.io.IOException;
import java.util.List;

/**
 * The Opus tracks of one participant as one, from 0 on without a hole: wherever nothing was sent (before the first
 * join, between two sessions, in discontinuous transmission) stand packets of silence. So every participant's file
 * begins at the recording's zero, and players that count packets instead of reading times keep in step.
 */
public final class SilentGaps implements FrameSource {
  private final List<FrameSource> tracks;
  private int track;
  private long endNanos;
  private EncodedFrame waiting;

  /** @param tracks in order of time, none overlapping the next; closed with this */
  public SilentGaps(List<FrameSource> tracks) {
    this.tracks = List.copyOf(tracks);
  }

  @Override
  public StreamInfo info() {
    return StreamInfo.opus(tracks.stream().mapToInt(source -> source.info().channels()).max().orElse(1));
  }

  @Override
  public EncodedFrame next() throws IOException {
    if (waiting == null) {
      waiting = nextSounding();
    }
    if (waiting == null) {
      return null;
    }
    if (waiting.ptsNanos() - endNanos >= OpusFrames.SILENCE_NANOS) {
      EncodedFrame silence = new EncodedFrame(endNanos, OpusFrames.SILENCE_NANOS, true, OpusFrames.silence());
      endNanos += OpusFrames.SILENCE_NANOS;
      return silence;
    }
    EncodedFrame frame = waiting;
    waiting = null;
    endNanos = Math.max(endNanos, frame.ptsNanos() + frame.durationNanos());
    return frame;
  }

  @Override
  public void close() throws IOException {
    for (FrameSource source : tracks) {
      source.close();
    }
  }

  private EncodedFrame nextSounding() throws IOException {
    while (track < tracks.size()) {
      EncodedFrame frame = tracks.get(track).next();
      if (frame != null) {
        return frame;
      }
      track++;
    }
    return null;
  }
}
