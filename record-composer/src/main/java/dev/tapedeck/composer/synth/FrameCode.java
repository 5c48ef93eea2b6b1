package dev.tapedeck.composer.synth;

import java.util.Optional;

/** What is burnt into each synthetic picture, so that a machine reading the decoded picture knows whose it is and
 *  which: 40 bits, drawn as black (0) and white (1) blocks in the lowest quarter of the picture.
 * <pre>
 *  row 1, 20 blocks: participant (8 bits), counter (12 high bits)
 *  row 2, 20 blocks: counter (12 low bits), CRC-8 over the four bytes before it (polynomial 0x07, start 0xFF)
 * </pre>
 *  @param participant 0..255
 *  @param counter     0..16777215, the number of the picture in its clip */
public record FrameCode(int participant, int counter) {
  /** Blocks in a row. */
  public static final int COLUMNS = 20;
  public static final int ROWS = 2;
  /** The part of the height above the code. */
  public static final double TOP = 0.75;
  private static final int BITS = COLUMNS * ROWS;

  public FrameCode {
    if (participant < 0 || participant > 0xFF || counter < 0 || counter > 0xFFFFFF) {
      throw new IllegalArgumentException("frame code of participant " + participant + ", picture " + counter);
    }
  }

  /** @param index 0 is the leftmost block of the upper row */
  public boolean bit(int index) {
    long bits = (word() & 0xFFFFFFFFL) << 8 | crc8(word());
    return (bits >>> BITS - 1 - index & 1) != 0;
  }

  /** @param bits the 40 blocks, the first in the highest of the 40 bits
   *  @return empty if they are not a code */
  public static Optional<FrameCode> parse(long bits) {
    int word = (int) (bits >>> 8);
    boolean valid = crc8(word) == (bits & 0xFF);
    return valid ? Optional.of(new FrameCode(word >>> 24, word & 0xFFFFFF)) : Optional.empty();
  }

  private int word() {
    return participant << 24 | counter;
  }

  private static int crc8(int word) {
    int crc = 0xFF;
    for (int shift = 24; shift >= 0; shift -= 8) {
      crc ^= word >>> shift & 0xFF;
      for (int i = 0; i < 8; i++) {
        crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x07) & 0xFF : crc << 1;
      }
    }
    return crc;
  }
}
