package dev.tapedeck.media.core.srtp;

/**
 * The replay windows of all streams of one direction, found by SSRC: a table of open addressing with primitive keys, so
 * that a lookup neither boxes nor chains. It grows with the streams there are, for most connections have a handful.
 * Bounded; a stream is never forgotten, because a forgotten window would accept its packets a second time.
 */
final class SrtpStreams {
  private static final int FIRST_CAPACITY = 16;

  private final int maxStreams;
  private int[] ssrcs = new int[FIRST_CAPACITY];
  private ReplayWindow[] windows = new ReplayWindow[FIRST_CAPACITY];
  private int count;

  /** @param maxStreams at least 1 */
  SrtpStreams(int maxStreams) {
    if (maxStreams < 1) {
      throw new IllegalArgumentException("maxStreams must be at least 1, not " + maxStreams);
    }
    this.maxStreams = maxStreams;
  }

  /** Slot of the stream, or of the free place where {@link #add} would put it; until the next stream is added. */
  int slot(int ssrc) {
    int mask = windows.length - 1;
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
    ReplayWindow window = new ReplayWindow();
    ssrcs[slot] = ssrc;
    windows[slot] = window;
    if (2 * ++count > windows.length) {
      grow();
    }
    return window;
  }

  private void grow() {
    int[] oldSsrcs = ssrcs;
    ReplayWindow[] oldWindows = windows;
    ssrcs = new int[2 * oldSsrcs.length];
    windows = new ReplayWindow[2 * oldWindows.length];
    for (int i = 0; i < oldWindows.length; i++) {
      if (oldWindows[i] != null) {
        int slot = slot(oldSsrcs[i]);
        ssrcs[slot] = oldSsrcs[i];
        windows[slot] = oldWindows[i];
      }
    }
  }

  int count() {
    return count;
  }
}
