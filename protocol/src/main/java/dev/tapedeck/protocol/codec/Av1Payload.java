package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * AV1 payloads (RTP Payload Format For AV1 v1.0, §4.4): an aggregation header, then OBU elements.
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |Z|Y| W |N|-|-|-|
 * | length (leb128) | OBU or fragment | ...    the last of W elements has no length; with W = 0 all have one
 * </pre>
 *
 * <p>An element is one {@code long}, so walking them allocates nothing:
 *
 * <pre>{@code
 * for (long e = first(memory, offset, length); e != NONE; e = next(memory, offset, length, e)) {...}
 * }</pre>
 *
 * <p>All functions take any bytes; a malformed element and all behind it do not exist.
 */
public final class Av1Payload {
  /** No more elements. */
  public static final long NONE = -1;

  public static final int OBU_SEQUENCE_HEADER = 1;

  private static final int Z = 0x80;
  private static final int Y = 0x40;
  private static final int N = 0x08;

  private static final int OBU_HAS_EXTENSION = 0x04;
  private static final int OBU_HAS_SIZE = 0x02;

  /** Larger leb128 values never fit a datagram. */
  private static final int MAX_LEB128_BYTES = 3;

  /** Low bits of an element: how many are left with this one, 0 if all tell their length; and whether it is the first. */
  private static final int LEFT = 0x03;
  private static final int FIRST = 0x04;

  private Av1Payload() {}

  /** Whether this packet begins a coded video sequence: the N bit, which Z excludes. */
  public static boolean startsKeyFrame(MemorySegment memory, long offset, int length) {
    return length >= 2 && (Bytes.u8(memory, offset) & (Z | N)) == N;
  }

  /** Size told by a sequence header in this packet, else {@link FrameSize#UNKNOWN}. Allocates. */
  public static int frameSize(MemorySegment memory, long offset, int length) {
    for (long element = first(memory, offset, length);
        element != NONE;
        element = next(memory, offset, length, element)) {
      boolean isWhole = !isContinuation(memory, offset, element);
      if (isWhole && obuType(memory, element) == OBU_SEQUENCE_HEADER) {
        return Av1SequenceHeader.parse(memory, elementOffset(element), elementBytes(element))
            .map(Av1SequenceHeader::frameSize)
            .orElse(FrameSize.UNKNOWN);
      }
    }
    return FrameSize.UNKNOWN;
  }

  /** The Z bit: the first element goes on with the OBU that the previous packet left open. */
  public static boolean continuesObu(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & Z) != 0;
  }

  /** The Y bit: the last element goes on in the next packet. */
  public static boolean leavesObuOpen(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & Y) != 0;
  }

  public static long first(MemorySegment memory, long offset, int length) {
    return length < 2 ? NONE : elementAt(memory, offset + 1, offset + length, FIRST, elementCount(memory, offset));
  }

  /** The element behind {@code element}, which came from this packet. */
  public static long next(MemorySegment memory, long offset, int length, long element) {
    long at = elementOffset(element) + elementBytes(element);
    int left = (int) element & LEFT;
    return left == 1 ? NONE : elementAt(memory, at, offset + length, 0, Math.max(0, left - 1));
  }

  /** Where the OBU, or the fragment, begins. */
  public static long elementOffset(long element) {
    return element >>> 19;
  }

  /** Bytes of the OBU or fragment, 1..65535. */
  public static int elementBytes(long element) {
    return (int) (element >>> 3) & 0xFFFF;
  }

  /** Whether this element is the rest of an OBU, which has no OBU header. */
  public static boolean isContinuation(MemorySegment memory, long offset, long element) {
    return (element & FIRST) != 0 && continuesObu(memory, offset);
  }

  /** obu_type of an element that begins with an OBU header, 0..15. */
  public static int obuType(MemorySegment memory, long element) {
    return Bytes.u8(memory, elementOffset(element)) >> 3 & 0x0F;
  }

  /** Bytes of OBU header, extension and size field before the OBU's payload, or -1 if they do not fit. */
  static int obuHeaderBytes(MemorySegment memory, long offset, int length) {
    if (length < 1) {
      return -1;
    }
    int header = Bytes.u8(memory, offset);
    int bytes = (header & OBU_HAS_EXTENSION) != 0 ? 2 : 1;
    if ((header & OBU_HAS_SIZE) != 0) {
      int sizeBytes = leb128Bytes(memory, offset + bytes, offset + length);
      if (sizeBytes < 0) {
        return -1;
      }
      bytes += sizeBytes;
    }
    return bytes <= length ? bytes : -1;
  }

  /** W: 1..3 elements, or 0 if each tells its length. */
  private static int elementCount(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset) >> 4 & 3;
  }

  private static long elementAt(MemorySegment memory, long at, long end, int first, int elementsLeft) {
    long length = end - at;
    if (elementsLeft != 1) {
      int lengthBytes = leb128Bytes(memory, at, end);
      if (lengthBytes < 0) {
        return NONE;
      }
      length = leb128(memory, at, lengthBytes);
      at += lengthBytes;
    }
    if (length < 1 || length > 0xFFFF || at + length > end) {
      return NONE;
    }
    return at << 19 | length << 3 | first | elementsLeft;
  }

  /** Bytes of the leb128 number (AV1 §4.10.5), or -1 if it is cut off or too large for a packet. */
  private static int leb128Bytes(MemorySegment memory, long at, long end) {
    for (int i = 0; i < MAX_LEB128_BYTES && at + i < end; i++) {
      if ((Bytes.u8(memory, at + i) & 0x80) == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int leb128(MemorySegment memory, long at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (Bytes.u8(memory, at + i) & 0x7F) << 7 * i;
    }
    return value;
  }
}
