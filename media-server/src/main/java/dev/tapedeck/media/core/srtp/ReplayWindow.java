package dev.tapedeck.media.core.srtp;

import java.util.Arrays;

/**
 * Which of the newest packet indices were seen (RFC 3711 §3.3.2), as a ring of {@value #WIDTH} bits. Wide enough for
 * the reordering of a 50 Mbit/s stream over 200 ms. One instance per stream, used by one thread.
 */
final class ReplayWindow {
  /** Indices remembered; an older one counts as seen. A power of two. */
  static final int WIDTH = 1024;

  private static final int BITS_PER_WORD = Long.SIZE;

  private final long[] seen = new long[WIDTH / BITS_PER_WORD];
  private long highest = -1;

  /** Highest index seen, or -1 before the first. */
  long highest() {
    return highest;
  }

  /** True if {@code index} was not seen and is not too old to know. */
  boolean isFresh(long index) {
    if (index > highest) {
      return true;
    }
    return highest - index < WIDTH && (seen[word(index)] & bit(index)) == 0;
  }

  /** True if {@code index} was seen for certain. */
  boolean hasSeen(long index) {
    return index <= highest && highest - index < WIDTH && (seen[word(index)] & bit(index)) != 0;
  }

  /** Notes {@code index}, which must be fresh. */
  void add(long index) {
    if (index > highest) {
      forgetUpTo(index);
      highest = index;
    }
    seen[word(index)] |= bit(index);
  }

  private void forgetUpTo(long index) {
    if (index - highest >= WIDTH) {
      Arrays.fill(seen, 0);
      return;
    }
    for (long skipped = highest + 1; skipped <= index; skipped++) {
      seen[word(skipped)] &= ~bit(skipped);
    }
  }

  private static int word(long index) {
    return (int) (index & (WIDTH - 1)) / BITS_PER_WORD;
  }

  private static long bit(long index) {
    return 1L << index; // the shift distance is taken modulo 64
  }
}
