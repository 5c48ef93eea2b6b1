package dev.tapedeck.media.io.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Initial counter blocks of AES in counter mode (RFC 3711 §4.1.1). The first 14 bytes are XORed with the session salt.
 *
 * <pre>
 *  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
 * +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
 * |       0       |     SSRC      |         index         | block |
 * +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
 * </pre>
 */
final class CmIv {
  static final int BYTES = 16;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final long saltHigh;
  private final long saltLow;

  /** @param salt 14 bytes */
  CmIv(byte[] salt) {
    ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(salt, BYTES));
    saltHigh = bytes.getLong();
    saltLow = bytes.getLong();
  }

  /** Writes the {@value #BYTES} bytes for one packet. */
  void write(MemorySegment target, long offset, int ssrc, long index) {
    target.set(LONG, offset, saltHigh ^ (ssrc & 0xFFFF_FFFFL));
    target.set(LONG, offset + 8, saltLow ^ (index << 16));
  }
}
