package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.PacketConsumer;

/** Puts packets that come in order together to frames, and counts them. Owned by the loop thread. */
public abstract class FrameAssembler implements PacketConsumer {
  private final FrameSink sink;
  private long frames;
  private long keyFrames;
  private long brokenFrames;

  FrameAssembler(FrameSink sink) {
    this.sink = sink;
  }

  void complete(byte[] data, long rtpTimestamp, boolean isKeyFrame) {
    frames++;
    if (isKeyFrame) {
      keyFrames++;
    }
    sink.onFrame(data, rtpTimestamp, isKeyFrame);
  }

  void broken() {
    brokenFrames++;
  }

  /** Frames complete. */
  public long frames() {
    return frames;
  }

  public long keyFrames() {
    return keyFrames;
  }

  /** Frames with a packet missing or out of shape. */
  public long brokenFrames() {
    return brokenFrames;
  }
}
