package dev.tapedeck.protocol.codec;

/**
 * Reads bits, most significant first. Past the end it gives zeros and remembers it, so that a parser checks once, at its
 * end. For cold code: headers of key frames.
 */
final class BitReader {
  private final byte[] bytes;
  private int bit;
  private boolean overrun;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean flag() {
    return bits(1) != 0;
  }

  /** @param count 0..32; 32 bits come with the sign they happen to have */
  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | nextBit();
    }
    return value;
  }

  void skip(int count) {
    bit += count;
    overrun |= bit > 8 * bytes.length;
  }

  /** ue(v) of H.264 (ITU-T H.264 §9.1) and uvlc() of AV1; up to 2^31-2, longer codes count as overrun. */
  int unsignedExpGolomb() {
    int zeros = 0;
    while (!overrun && nextBit() == 0) {
      zeros++;
    }
    if (zeros > 30) {
      overrun = true;
    }
    return overrun ? 0 : (1 << zeros) - 1 + bits(zeros);
  }

  /** se(v) of H.264 (ITU-T H.264 §9.1.1). */
  int signedExpGolomb() {
    int code = unsignedExpGolomb();
    return (code & 1) == 0 ? -(code >> 1) : (code >> 1) + 1;
  }

  /** Whether something was asked for that was not there. */
  boolean isOverrun() {
    return overrun;
  }

  private int nextBit() {
    if (bit >= 8 * bytes.length) {
      overrun = true;
      return 0;
    }
    int value = bytes[bit >> 3] >> (7 - (bit & 7)) & 1;
    bit++;
    return value;
  }
}
