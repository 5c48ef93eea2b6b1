package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.Frame;
import dev.tapedeck.composer.core.frame.FrameCounts;
import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.frame.OpusFrames;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When each frame of one SSRC was captured and which are key frames: what can be known before any file is written.
 * Made by one walk over the packets; keeps no media.
 */
final class LayerIndex {
  private long[] captureNanos = new long[256];
  private final BitSet keyFrames = new BitSet();
  private final Map<Integer, Integer> packetOfKeyFrame = new HashMap<>();
  private int frames;
  private long maxPixels;
  private Optional<Frame> largestFrame = Optional.empty();
  private long lastDurationNanos;
  private int maxAudioChannels = 1;
  private FrameCounts counts;

  private LayerIndex() {}

  static LayerIndex of(Layer layer, LossPolicy lossPolicy) {
    LayerIndex index = new LayerIndex();
    boolean isVideo = layer.tape().description().codec().isVideo();
    FrameReader reader = layer.frames(lossPolicy);
    for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
      index.add(frame.get(), layer.captureWallNanos(frame.get()), isVideo);
    }
    index.counts = reader.counts();
    return index;
  }

  int frames() {
    return frames;
  }

  long captureNanos(int frame) {
    return captureNanos[frame];
  }

  boolean isKeyFrame(int frame) {
    return keyFrames.get(frame);
  }

  /** The last key frame at or before {@code frame}, or -1. */
  int keyFrameBefore(int frame) {
    return keyFrames.previousSetBit(frame);
  }

  /** Index of the first packet of a key frame. */
  int firstPacketOf(int keyFrame) {
    return packetOfKeyFrame.get(keyFrame);
  }

  long maxPixels() {
    return maxPixels;
  }

  /** The first of those with the most pixels: a sender that begins small, as congestion control wants it, grows. */
  Optional<Frame> largestFrame() {
    return largestFrame;
  }

  int maxAudioChannels() {
    return maxAudioChannels;
  }

  FrameCounts counts() {
    return counts;
  }

  /** How long the last frame lasts: told by an audio packet, and taken from the median distance of pictures. */
  long lastDurationNanos() {
    if (lastDurationNanos > 0 || frames < 2) {
      return lastDurationNanos;
    }
    long[] distances = new long[frames - 1];
    for (int i = 1; i < frames; i++) {
      distances[i - 1] = captureNanos[i] - captureNanos[i - 1];
    }
    return Math.max(0, MediaClockFit.median(distances));
  }

  private void add(Frame frame, long nanos, boolean isVideo) {
    if (frames == captureNanos.length) {
      captureNanos = Arrays.copyOf(captureNanos, frames * 2);
    }
    if (isVideo && frame.isKeyFrame()) {
      packetOfKeyFrame.put(frames, frame.firstPacket());
    }
    keyFrames.set(frames, frame.isKeyFrame());
    captureNanos[frames++] = nanos;
    if (!isVideo) {
      lastDurationNanos = OpusFrames.durationNanos(frame.data());
      maxAudioChannels = Math.max(maxAudioChannels, OpusFrames.channels(frame.data()));
    }
    keepLargest(frame);
  }

  private void keepLargest(Frame frame) {
    long pixels = (long) frame.width() * frame.height();
    if (largestFrame.isEmpty() || pixels > maxPixels) {
      largestFrame = Optional.of(frame);
      maxPixels = pixels;
    }
  }
}
