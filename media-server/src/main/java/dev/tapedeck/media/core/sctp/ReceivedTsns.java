package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Which TSNs have arrived: all up to the cumulative one, and some of a window after it. */
final class ReceivedTsns {
  /** Chunks further ahead are not taken; a power of two. */
  static final int WINDOW = 8192;

  private static final int MASK = WINDOW - 1;

  private final long[] arrived = new long[WINDOW / Long.SIZE];
  private long cumulativeTsn;
  private long highestTsn;

  /** @param firstTsn the peer's initial TSN */
  ReceivedTsns(long firstTsn) {
    cumulativeTsn = firstTsn - 1;
    highestTsn = cumulativeTsn;
  }

  long cumulativeTsn() {
    return cumulativeTsn;
  }

  boolean isBeyondWindow(long tsn) {
    return tsn - cumulativeTsn > WINDOW;
  }

  boolean contains(long tsn) {
    return tsn <= cumulativeTsn || tsn <= highestTsn && isSet(tsn);
  }

  /** @param tsn not contained yet, and not beyond the window */
  void add(long tsn) {
    set(tsn);
    highestTsn = Math.max(highestTsn, tsn);
    moveOn();
  }

  /** The peer will not send what is missing up to this TSN (RFC 3758 §3.6). */
  void skipTo(long tsn) {
    if (tsn - cumulativeTsn >= WINDOW) {
      Arrays.fill(arrived, 0);
      cumulativeTsn = tsn;
      highestTsn = tsn;
      return;
    }
    while (cumulativeTsn < tsn) {
      clear(++cumulativeTsn);
    }
    highestTsn = Math.max(highestTsn, cumulativeTsn);
    moveOn();
  }

  private void moveOn() {
    while (cumulativeTsn < highestTsn && isSet(cumulativeTsn + 1)) {
      clear(++cumulativeTsn);
    }
  }

  boolean hasGaps() {
    return highestTsn > cumulativeTsn;
  }

  /**
   * Writes gap ack blocks (RFC 9260 §3.3.4): first and last TSN of what arrived, less the cumulative one, 16 bits each.
   *
   * @return blocks written, at most {@code maxBlocks}
   */
  int writeGaps(MemorySegment memory, long at, int maxBlocks) {
    int blocks = 0;
    long tsn = cumulativeTsn + 2; // the next one is missing
    while (tsn <= highestTsn && blocks < maxBlocks) {
      if (!isSet(tsn)) {
        tsn++;
        continue;
      }
      Bytes.put16(memory, at + 4L * blocks, (int) (tsn - cumulativeTsn));
      while (tsn < highestTsn && isSet(tsn + 1)) {
        tsn++;
      }
      Bytes.put16(memory, at + 4L * blocks + 2, (int) (tsn - cumulativeTsn));
      blocks++;
      tsn++;
    }
    return blocks;
  }

  private boolean isSet(long tsn) {
    return (arrived[((int) tsn & MASK) >> 6] >>> tsn & 1) != 0;
  }

  private void set(long tsn) {
    arrived[((int) tsn & MASK) >> 6] |= 1L << tsn;
  }

  private void clear(long tsn) {
    arrived[((int) tsn & MASK) >> 6] &= ~(1L << tsn);
  }
}
