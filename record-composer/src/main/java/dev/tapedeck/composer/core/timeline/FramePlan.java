package dev.tapedeck.composer.core.timeline;

import java.util.Arrays;

/** Which frame of which layer is shown when, in the order of showing: the cutting list of one track. */
final class FramePlan {
  private int[] layers = new int[256];
  private int[] frames = new int[256];
  private long[] showNanos = new long[256];
  private int size;

  /** Appends a frame; a time not after the last one is moved right behind it, because files want rising times. */
  void add(int layer, int frame, long atNanos) {
    if (size == layers.length) {
      layers = Arrays.copyOf(layers, size * 2);
      frames = Arrays.copyOf(frames, size * 2);
      showNanos = Arrays.copyOf(showNanos, size * 2);
    }
    layers[size] = layer;
    frames[size] = frame;
    showNanos[size] = size == 0 ? atNanos : Math.max(atNanos, showNanos[size - 1] + 1);
    size++;
  }

  int size() {
    return size;
  }

  int layer(int entry) {
    return layers[entry];
  }

  int frame(int entry) {
    return frames[entry];
  }

  /** Wall clock, nanoseconds since 1970. */
  long showNanos(int entry) {
    return showNanos[entry];
  }
}
