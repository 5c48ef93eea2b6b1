package dev.tapedeck.protocol.rtp;

/**
 * Extends 32-bit RTP timestamps to 64 bits that never wrap. The first one stands for itself; those up to 2^31 ticks
 * behind the highest are taken as late, so those before the first may be negative.
 */
public final class TimestampUnwrapper {
  private long highest;
  private boolean started;

  /** The extended timestamp; the highest one moves on. */
  public long unwrap(int rtpTimestamp) {
    long extended = peek(rtpTimestamp);
    if (!started || extended > highest) {
      highest = extended;
      started = true;
    }
    return extended;
  }

  /** The extended timestamp, as {@link #unwrap} would give it, leaving everything as it is. */
  public long peek(int rtpTimestamp) {
    return started ? highest + (rtpTimestamp - (int) highest) : rtpTimestamp & 0xFFFF_FFFFL;
  }

  public boolean isStarted() {
    return started;
  }

  /** The highest extended timestamp so far; 0 before the first. */
  public long highest() {
    return highest;
  }

  public void reset() {
    started = false;
    highest = 0;
  }
}
