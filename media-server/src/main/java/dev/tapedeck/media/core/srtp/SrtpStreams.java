package dev.tapedeck.media.core.srtp;

/**
 * The replay windows of all streams of one direction, found by SSRC: a table of open addressing with primitive keys, so
 * that a lookup neither boxes nor chains. Bounded; a stream is never forgotten, because a forgotten window would accept
 * its packets a second time.
 */
final class SrtpStreams {
  private final int maxStreams;
  private final int mask;
  private final int[] ssrcs;
  private final ReplayWindow[] windows;
  private int count;

  /** @param maxStreams at least 1 */
  SrtpStreams(int maxStreams) {
    if (maxStreams < 1) {
      throw new IllegalArgumentException("maxStreams must be at least 1, not " + maxStreams);
    }
    this.maxStreams = maxStreams;
    int capacity = Integer.highestOneBit(maxStreams) * 4; // never more than half full
    mask = capacity - 1;
    ssrcs = new int[capacity];
    windows = new ReplayWindow[capacity];
  }

  /** Slot of the stream, or of the free place where {@link #add} would put it. */
  int slot(int ssrc) {
    // SSRCs come from the network: multiplying spreads neighbours, and the bound keeps chosen ones from mattering.
    int slot = (ssrc * 0x9E3779B9 >>> 7) & mask;
    while (windows[slot] != null && ssrcs[slot] != ssrc) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Window of the stream in {@code slot}, or null if the slot is free. */
  ReplayWindow window(int slot) {
    return windows[slot];
  }

  boolean isFull() {
    return count == maxStreams;
  }

  /** Takes the free {@code slot} for a new stream; the table must not be full. */
  ReplayWindow add(int slot, int ssrc) {
    ssrcs[slot] = ssrc;
    windows[slot] = new ReplayWindow();
    count++;
    return windows[slot];
  }

  int count() {
    return count;
  }
}
