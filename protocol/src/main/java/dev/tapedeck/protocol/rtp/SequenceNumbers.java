package dev.tapedeck.protocol.rtp;

/** Arithmetic of 16-bit sequence numbers (RFC 3550 §5.1, RFC 1982). */
public final class SequenceNumbers {
  private SequenceNumbers() {}

  /** Steps from one number to the other by the shorter way round, -32768..32767. */
  public static int distance(int from, int to) {
    return (short) (to - from);
  }

  /** Whether {@code a} comes after {@code b}; numbers half the circle apart are newer in neither direction. */
  public static boolean isNewer(int a, int b) {
    return distance(b, a) > 0;
  }

  /** The number {@code steps} on, which may be negative; 0..65535. */
  public static int plus(int sequenceNumber, int steps) {
    return sequenceNumber + steps & 0xFFFF;
  }
}
