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

  /** Whether more bits were read than there are. */
  boolean isPastEnd() {
    return bit > endBit;
  }
}
