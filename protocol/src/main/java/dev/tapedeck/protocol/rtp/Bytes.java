package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Big-endian integers at any offset of a segment, without alignment and without allocation. The caller has checked the
 * bounds; a read outside the segment throws.
 */
public final class Bytes {
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  public static int u8(MemorySegment memory, long offset) {
    return memory.get(BYTE, offset) & 0xFF;
  }

  public static int u16(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset) & 0xFFFF;
  }

  public static int u24(MemorySegment memory, long offset) {
    return u8(memory, offset) << 16 | u16(memory, offset + 1);
  }

  /** 32 bits as 0..2^32-1. */
  public static long u32(MemorySegment memory, long offset) {
    return memory.get(INT, offset) & 0xFFFF_FFFFL;
  }

  /** 32 bits as they stand, for values that are only compared or wrap around: SSRCs, RTP timestamps. */
  public static int i32(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }

  /** 64 bits as they stand; the sign bit carries no meaning. */
  public static long u64(MemorySegment memory, long offset) {
    return memory.get(LONG, offset);
  }

  /** Writes the low 8 bits. */
  public static void put8(MemorySegment memory, long offset, int value) {
    memory.set(BYTE, offset, (byte) value);
  }

  /** Writes the low 16 bits. */
  public static void put16(MemorySegment memory, long offset, int value) {
    memory.set(SHORT, offset, (short) value);
  }

  /** Writes the low 24 bits. */
  public static void put24(MemorySegment memory, long offset, int value) {
    put8(memory, offset, value >> 16);
    put16(memory, offset + 1, value);
  }

  public static void put32(MemorySegment memory, long offset, int value) {
    memory.set(INT, offset, value);
  }

  public static void put64(MemorySegment memory, long offset, long value) {
    memory.set(LONG, offset, value);
  }
}
