package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/** Picture ids of VP8 and VP9: 7 bits, or 15 when the first bit is set; they rise by one per picture and wrap. */
final class PictureIds {
  private static final int LONG_FORM = 0x8000;

  private PictureIds() {}

  /** Reads one at {@code offset}, where two bytes must be readable. The form stays in bit 15. */
  static int read(MemorySegment memory, long offset) {
    int first = Bytes.u8(memory, offset);
    return (first & 0x80) == 0 ? first : LONG_FORM | Bytes.u16(memory, offset) & 0x7FFF;
  }

  static boolean isNext(int last, int id) {
    int mask = (id & LONG_FORM) != 0 ? 0x7FFF : 0x7F;
    return (last & LONG_FORM) == (id & LONG_FORM) && (last + 1 & mask) == (id & mask);
  }
}
