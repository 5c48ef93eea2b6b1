package dev.tapedeck.media.core.sctp;

/**
 * Numbers that wrap around on the wire (RFC 9260 §1.6) are kept as {@code long} inside, where they only grow. A number
 * from the wire becomes the one nearest to a number known.
 */
final class SerialNumbers {
  /** Added to first numbers, so that ones a little before them are still positive. */
  private static final long FIRST_EPOCH = 1L << 32;

  private SerialNumbers() {}

  /** Where counting begins with an initial TSN. */
  static long first32(int wire) {
    return FIRST_EPOCH + Integer.toUnsignedLong(wire);
  }

  /** TSNs, MIDs, FSNs: less than 2^31 from {@code near}. */
  static long unwrap32(long near, int wire) {
    return near + (wire - (int) near);
  }

  /** Stream sequence numbers: less than 2^15 from {@code near}. */
  static long unwrap16(long near, int wire) {
    return near + (short) (wire - (int) near);
  }
}
