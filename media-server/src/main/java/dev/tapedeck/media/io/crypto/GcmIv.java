package dev.tapedeck.media.io.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Initialization vectors of AES-GCM (RFC 7714 §8.1 for SRTP, §9.1 for SRTCP, whose 31-bit index stands where the 48-bit
 * one does). All of it is XORed with the session salt.
 *
 * <pre>
 *  0   1   2   3   4   5   6   7   8   9  10  11
 * +---+---+---+---+---+---+---+---+---+---+---+---+
 * | 0   0 |     SSRC      |         index         |
 * +---+---+---+---+---+---+---+---+---+---+---+---+
 * </pre>
 */
final class GcmIv {
  static final int BYTES = 12;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final long saltHigh;
  private final int saltLow;

  /** @param salt 12 bytes */
  GcmIv(byte[] salt) {
    ByteBuffer bytes = ByteBuffer.wrap(salt);
    saltHigh = bytes.getLong();
    saltLow = bytes.getInt();
  }

  /** Writes the {@value #BYTES} bytes for one packet. */
  void write(MemorySegment target, long offset, int ssrc, long index) {
    target.set(LONG, offset, saltHigh ^ ((ssrc & 0xFFFF_FFFFL) << 16) ^ (index >>> 32));
    target.set(INT, offset + 8, saltLow ^ (int) index);
  }
}
