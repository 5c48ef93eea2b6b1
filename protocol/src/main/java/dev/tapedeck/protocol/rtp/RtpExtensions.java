package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;

/**
 * Elements of the RTP header extension in both forms of RFC 8285, read in place.
 *
 * <pre>
 * one-byte form (§4.2)           two-byte form (§4.3)
 * |    0xBE       |    0xDE    | |        0x100          |appbits| |
 * |  ID   | L-1   | data (L) ... |      ID       |       L       | data (L) ...
 * </pre>
 *
 * <p>An element is one {@code long}: offset of its data, id, length. So walking them allocates nothing:
 *
 * <pre>{@code
 * for (long e = first(memory, offset, headerBytes); e != NONE; e = next(memory, offset, headerBytes, e)) {...}
 * }</pre>
 *
 * <p>Any header that {@link RtpHeader#headerBytes} accepted may be walked: an element that would reach past the
 * extension, and everything behind it, does not exist.
 */
public final class RtpExtensions {
  /** No such element, or no more elements. */
  public static final long NONE = -1;

  /** Profile value of the one-byte form. */
  static final int ONE_BYTE_PROFILE = 0xBEDE;

  /** Profile value of the two-byte form with application bits 0. */
  static final int TWO_BYTE_PROFILE = 0x1000;

  /** In the one-byte form this id ends the list (RFC 8285 §4.2). */
  private static final int ONE_BYTE_STOP_ID = 15;

  private RtpExtensions() {}

  /**
   * The first element with this id.
   *
   * @param offset      of the RTP packet
   * @param headerBytes as {@link RtpHeader#headerBytes} returned it
   * @param id          1..255
   */
  public static long find(MemorySegment memory, long offset, int headerBytes, int id) {
    long element = first(memory, offset, headerBytes);
    while (element != NONE && id(element) != id) {
      element = next(memory, offset, headerBytes, element);
    }
    return element;
  }

  public static long first(MemorySegment memory, long offset, int headerBytes) {
    if (!RtpHeader.hasExtension(memory, offset)) {
      return NONE;
    }
    long start = offset + RtpHeader.fixedAndCsrcBytes(memory, offset);
    return elementAt(memory, start + 4, offset + headerBytes, Bytes.u16(memory, start));
  }

  /** The element behind {@code element}, which came from this packet. */
  public static long next(MemorySegment memory, long offset, int headerBytes, long element) {
    int profile = Bytes.u16(memory, offset + RtpHeader.fixedAndCsrcBytes(memory, offset));
    return elementAt(memory, offset(element) + length(element), offset + headerBytes, profile);
  }

  /** Offset of the element's data in the memory it was read from. */
  public static long offset(long element) {
    return element >>> 16;
  }

  /** Bytes of the element's data: 1..16 in the one-byte form, 0..255 in the two-byte form. */
  public static int length(long element) {
    return (int) element & 0xFF;
  }

  /** 1..14 in the one-byte form, 1..255 in the two-byte form. */
  public static int id(long element) {
    return (int) (element >>> 8) & 0xFF;
  }

  private static long elementAt(MemorySegment memory, long at, long end, int profile) {
    while (at < end && Bytes.u8(memory, at) == 0) {
      at++; // padding, one byte in both forms
    }
    if (at >= end) {
      return NONE;
    }
    if (profile == ONE_BYTE_PROFILE) {
      return oneByteElementAt(memory, at, end);
    }
    return (profile & 0xFFF0) == TWO_BYTE_PROFILE ? twoByteElementAt(memory, at, end) : NONE;
  }

  private static long oneByteElementAt(MemorySegment memory, long at, long end) {
    int first = Bytes.u8(memory, at);
    int id = first >> 4;
    int length = (first & 0x0F) + 1;
    if (id == 0 || id == ONE_BYTE_STOP_ID) {
      return NONE; // §4.2: padding with a length, and the stop id, end the list
    }
    return element(at + 1, id, length, end);
  }

  private static long twoByteElementAt(MemorySegment memory, long at, long end) {
    return at + 2 > end ? NONE : element(at + 2, Bytes.u8(memory, at), Bytes.u8(memory, at + 1), end);
  }

  private static long element(long dataOffset, int id, int length, long end) {
    return dataOffset + length > end ? NONE : dataOffset << 16 | id << 8 | length;
  }
}
