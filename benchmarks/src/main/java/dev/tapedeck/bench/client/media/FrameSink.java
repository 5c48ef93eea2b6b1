package dev.tapedeck.bench.client.media;

/** Takes whole frames of one receiving m-line, on the loop thread. */
@FunctionalInterface
public interface FrameSink {
  FrameSink NONE = (data, rtpTimestamp, isKeyFrame) -> {};

  /** @param rtpTimestamp unsigned 32 bits */
  void onFrame(byte[] data, long rtpTimestamp, boolean isKeyFrame);
}
