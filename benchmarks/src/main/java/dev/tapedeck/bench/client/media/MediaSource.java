package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.SentLog;

/** Something that fills an outgoing stream, frame by frame. Owned by the loop thread once started. */
public interface MediaSource extends AutoCloseable {
  /** Returned by {@link #sendNext} when nothing more will come. */
  long END = Long.MAX_VALUE;

  /** Says when the stream starts, by the clock of the loop; called once, before the first frame. */
  default void startsAt(long startNanos) {}

  /**
   * Sends the next frame, all its packets at once.
   *
   * @return when the following frame is due, in nanoseconds from the start of the stream, or {@link #END}
   */
  long sendNext(RtpSender sender, SentLog log, long nowNanos);

  /** The far side wants a key frame; a recorded clip can only count it. */
  void requestKeyFrame();

  long keyFrameRequests();

  @Override
  default void close() {}
}
