package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;

/**
 * The RTP header (RFC 3550 §5.1), read and changed in place.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing source (CSRC) identifiers             |
 * |      defined by profile       |  length in 32-bit words       |  if X
 * |                        header extension                       |
 * </pre>
 *
 * <p>{@link #headerBytes} and {@link #paddingBytes} check a packet; the other accessors trust what they have said.
 */
public final class RtpHeader {
  /** Header without CSRCs and extension. */
  public static final int FIXED_BYTES = 12;

  /** Returned where a packet is malformed. */
  public static final int MALFORMED = -1;

  static final int VERSION_BITS = 2 << 6;
  static final int EXTENSION_BIT = 0x10;
  private static final int PADDING_BIT = 0x20;
  private static final int MARKER_BIT = 0x80;

  private RtpHeader() {}

  /** Whether header, extension and padding fit the packet; {@code length} may be any number from 0. */
  public static boolean isValid(MemorySegment memory, long offset, int length) {
    int headerBytes = headerBytes(memory, offset, length);
    return headerBytes != MALFORMED && paddingBytes(memory, offset, length, headerBytes) != MALFORMED;
  }

  /**
   * Bytes from the first one to the payload: fixed part, CSRCs, extension.
   *
   * @return 12..length, or {@link #MALFORMED} if this is not version 2 or does not fit {@code length}
   */
  public static int headerBytes(MemorySegment memory, long offset, int length) {
    if (length < FIXED_BYTES || version(memory, offset) != 2) {
      return MALFORMED;
    }
    int bytes = fixedAndCsrcBytes(memory, offset);
    if (!hasExtension(memory, offset)) {
      return bytes <= length ? bytes : MALFORMED;
    }
    if (bytes + 4 > length) {
      return MALFORMED;
    }
    bytes += 4 + 4 * Bytes.u16(memory, offset + bytes + 2);
    return bytes <= length ? bytes : MALFORMED;
  }

  /**
   * Bytes of padding at the end, its count included.
   *
   * @param headerBytes as {@link #headerBytes} returned it
   * @return 0 if there is none, or {@link #MALFORMED} if it is said to be empty or longer than what follows the header
   */
  public static int paddingBytes(MemorySegment memory, long offset, int length, int headerBytes) {
    if ((Bytes.u8(memory, offset) & PADDING_BIT) == 0) {
      return 0;
    }
    if (length == headerBytes) {
      return MALFORMED;
    }
    int bytes = Bytes.u8(memory, offset + length - 1);
    return bytes != 0 && bytes <= length - headerBytes ? bytes : MALFORMED;
  }

  /** Bytes between header and padding, or {@link #MALFORMED} with the padding; 0 for a packet of padding alone. */
  public static int payloadBytes(MemorySegment memory, long offset, int length, int headerBytes) {
    int padding = paddingBytes(memory, offset, length, headerBytes);
    return padding == MALFORMED ? MALFORMED : length - headerBytes - padding;
  }

  /** Bytes of the fixed part and the CSRCs; where the extension begins if there is one. */
  static int fixedAndCsrcBytes(MemorySegment memory, long offset) {
    return FIXED_BYTES + 4 * csrcCount(memory, offset);
  }

  public static int version(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset) >> 6;
  }

  public static boolean hasExtension(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & EXTENSION_BIT) != 0;
  }

  /** Count of contributing sources, 0..15. */
  public static int csrcCount(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset) & 0x0F;
  }

  public static boolean hasMarker(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset + 1) & MARKER_BIT) != 0;
  }

  /** Payload type, 0..127. */
  public static int payloadType(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset + 1) & 0x7F;
  }

  /** Sequence number, 0..65535. */
  public static int sequenceNumber(MemorySegment memory, long offset) {
    return Bytes.u16(memory, offset + 2);
  }

  /** Timestamp in ticks of the payload's clock; 32 bits that wrap around, see {@link TimestampUnwrapper}. */
  public static int rtpTimestamp(MemorySegment memory, long offset) {
    return Bytes.i32(memory, offset + 4);
  }

  /** SSRC as 32 bits; print it with {@link Integer#toUnsignedString(int)}. */
  public static int ssrc(MemorySegment memory, long offset) {
    return Bytes.i32(memory, offset + 8);
  }

  /** Writes the low 7 bits; the marker stays. */
  public static void putPayloadType(MemorySegment memory, long offset, int payloadType) {
    int marker = Bytes.u8(memory, offset + 1) & MARKER_BIT;
    Bytes.put8(memory, offset + 1, marker | payloadType & 0x7F);
  }

  /** Writes the {@value #FIXED_BYTES} fixed bytes; {@code first} is version, padding, extension and CSRC count. */
  static void putFixed(MemorySegment memory, long offset, int first, boolean marker, int payloadType,
      int sequenceNumber, int rtpTimestamp, int ssrc) {
    int second = (marker ? MARKER_BIT : 0) | payloadType & 0x7F;
    Bytes.put32(memory, offset, first << 24 | second << 16 | sequenceNumber & 0xFFFF);
    Bytes.put32(memory, offset + 4, rtpTimestamp);
    Bytes.put32(memory, offset + 8, ssrc);
  }

  public static void putSequenceNumber(MemorySegment memory, long offset, int sequenceNumber) {
    Bytes.put16(memory, offset + 2, sequenceNumber);
  }

  public static void putRtpTimestamp(MemorySegment memory, long offset, int rtpTimestamp) {
    Bytes.put32(memory, offset + 4, rtpTimestamp);
  }

  public static void putSsrc(MemorySegment memory, long offset, int ssrc) {
    Bytes.put32(memory, offset + 8, ssrc);
  }

  /** Takes the padding bit away, for a packet sent on without its padding. */
  public static void clearPadding(MemorySegment memory, long offset) {
    Bytes.put8(memory, offset, Bytes.u8(memory, offset) & ~PADDING_BIT);
  }
}
