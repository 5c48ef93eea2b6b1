package dev.tapedeck.media.core.sctp;

/** How long a channel tries to deliver a message (RFC 8831 §6.1, RFC 3758). */
public sealed interface Reliability {
  /** Until it has arrived. */
  record Full() implements Reliability {}

  /**
   * It is given up when a packet of it is lost this often plus once.
   *
   * @param count 0..2^31-1
   */
  record Retransmits(int count) implements Reliability {
    public Retransmits {
      if (count < 0) {
        throw new IllegalArgumentException("retransmits are " + count + ", must be 0 or more");
      }
    }
  }

  /**
   * It is given up, if still unsent or lost on the way, this long after it was queued.
   *
   * @param millis 0..2^31-1
   */
  record Lifetime(int millis) implements Reliability {
    public Lifetime {
      if (millis < 0) {
        throw new IllegalArgumentException("lifetime is " + millis + " ms, must be 0 or more");
      }
    }
  }

  Reliability FULL = new Full();
}
