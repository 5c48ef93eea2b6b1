package dev.tapedeck.composer.core.frame;

/** Bits of a codec header from the most significant on. Past the end it reads zeros and says so. */
final class BitReader {
  private final byte[] bytes;
  private final int endBit;
  private int bit;

  BitReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.bit = from * 8;
    this.endBit = to * 8;
  }

  int bit() {
    if (bit >= endBit) {
      bit++;
      return 0;
    }
    int value = bytes[bit >> 3] >> (7 - (bit & 7)) & 1;
    bit++;
    return value;
  }

  boolean flag() {
    return bit() != 0;
  }

  /** {@code count} bits, 0..32, as they stand. */
  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | bit();
    }
    return value;
  }

  void skip(int count) {
    bit += count;
  }

  /** Exp-Golomb, ue(v) of H.264 9.1; values beyond 31 leading zeros read as 0 and run past the end. */
  int unsignedGolomb() {
    int zeros = 0;
    while (bit() == 0) {
      if (++zeros > 31 || isPastEnd()) {
        bit = endBit + 1;
        return 0;
      }
    }
    return (1 << zeros) - 1 + bits(zeros);
  }

  /** Exp-Golomb, se(v) of H.264 9.1.1. */
  int signedGolomb() {
    int code = unsignedGolomb();
    return (code & 1) != 0 ? (code + 1) >>> 1 : -(code >>> 1);
  }

  /** Whether more bits were read than there are. */
  boolean isPastEnd() {
    return bit > endBit;
  }
}
