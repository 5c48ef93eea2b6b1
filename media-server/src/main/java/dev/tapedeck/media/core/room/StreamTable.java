package dev.tapedeck.media.core.room;

import java.util.Arrays;

/**
 * The streams of one publisher by SSRC, media and retransmission alike. Open addressing over ints: looking up allocates
 * nothing. Streams are never removed; their number is limited.
 */
final class StreamTable {
  /** A simulcast publisher with camera, screen and microphone has 14; a client that makes up SSRCs is stopped here. */
  static final int MAX_STREAMS = 64;

  private final int[] ssrcs = new int[2 * MAX_STREAMS];
  private final UpLayer[] layers = new UpLayer[2 * MAX_STREAMS];
  private int size;

  /** The layer this SSRC belongs to, or null. */
  UpLayer find(int ssrc) {
    int mask = ssrcs.length - 1;
    for (int i = hash(ssrc) & mask; layers[i] != null; i = i + 1 & mask) {
      if (ssrcs[i] == ssrc) {
        return layers[i];
      }
    }
    return null;
  }

  boolean isFull() {
    return size == MAX_STREAMS;
  }

  void put(int ssrc, UpLayer layer) {
    int mask = ssrcs.length - 1;
    int i = hash(ssrc) & mask;
    while (layers[i] != null) {
      i = i + 1 & mask;
    }
    ssrcs[i] = ssrc;
    layers[i] = layer;
    size++;
  }

  void clear() {
    Arrays.fill(layers, null);
    size = 0;
  }

  private static int hash(int ssrc) {
    int mixed = ssrc * 0x9E3779B9;
    return mixed ^ mixed >>> 15;
  }
}
