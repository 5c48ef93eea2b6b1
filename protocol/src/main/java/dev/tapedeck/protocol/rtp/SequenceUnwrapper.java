package dev.tapedeck.protocol.rtp;

/**
 * Extends 16-bit sequence numbers to 64 bits that never wrap. The first number stands for itself; numbers up to 32,768
 * behind the highest are taken as late, so those before the first may be negative.
 */
public final class SequenceUnwrapper {
  private long highest;
  private boolean started;

  /** The extended number; the highest one moves on. */
  public long unwrap(int sequenceNumber) {
    long extended = peek(sequenceNumber);
    if (!started || extended > highest) {
      highest = extended;
      started = true;
    }
    return extended;
  }

  /** The extended number, as {@link #unwrap} would give it, leaving everything as it is. */
  public long peek(int sequenceNumber) {
    return started ? highest + SequenceNumbers.distance((int) highest, sequenceNumber) : sequenceNumber & 0xFFFF;
  }

  public boolean isStarted() {
    return started;
  }

  /** The highest extended number so far; 0 before the first. */
  public long highest() {
    return highest;
  }

  public void reset() {
    started = false;
    highest = 0;
  }
}
