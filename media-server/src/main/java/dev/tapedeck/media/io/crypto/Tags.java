package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

/** Authentication tags in native memory. */
final class Tags {
  private Tags() {}

  /**
   * Takes the same time wherever the first difference is.
   *
   * @param bytes 8 to 16
   */
  static boolean isSame(long one, long other, int bytes) {
    int tail = bytes - Long.BYTES; // overlaps the first eight bytes of a shorter tag
    long first = NATIVE.get(JAVA_LONG_UNALIGNED, one) ^ NATIVE.get(JAVA_LONG_UNALIGNED, other);
    long last = NATIVE.get(JAVA_LONG_UNALIGNED, one + tail) ^ NATIVE.get(JAVA_LONG_UNALIGNED, other + tail);
    return (first | last) == 0;
  }
}
