package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.ComposeTrack;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Frames of synthetic participants, held in memory and bent as a test needs them. */
public record TestFrames(StreamInfo info, List<EncodedFrame> frames) {
  public static final long MILLI = 1_000_000;

  public static TestFrames of(FrameSource source) {
    try (source) {
      List<EncodedFrame> frames = new ArrayList<>();
      for (EncodedFrame frame = source.next(); frame != null; frame = source.next()) {
        frames.add(frame);
      }
      return new TestFrames(source.info(), frames);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public TestFrames shiftedBy(long nanos) {
    return map(frame -> new EncodedFrame(frame.ptsNanos() + nanos, frame.durationNanos(), frame.keyFrame(),
        frame.rotationDegrees(), frame.data()));
  }

  public TestFrames turned(int degrees) {
    return map(frame -> new EncodedFrame(frame.ptsNanos(), frame.durationNanos(), frame.keyFrame(), degrees,
        frame.data()));
  }

  public TestFrames map(UnaryOperator<EncodedFrame> change) {
    return new TestFrames(info, frames.stream().map(change).toList());
  }

  public ComposeTrack asTrack(String peer, long session) {
    boolean video = info.codec().isVideo();
    return new ComposeTrack(peer, session, video ? "camera" : "microphone", video, source());
  }

  public FrameSource source() {
    Iterator<EncodedFrame> each = frames.iterator();
    return new FrameSource() {
      @Override
      public StreamInfo info() {
        return info;
      }

      @Override
      public EncodedFrame next() throws IOException {
        return each.hasNext() ? each.next() : null;
      }
    };
  }
}
