package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;

/**
 * Retransmission payloads (RFC 4588 §4): the original packet under another SSRC and payload type, its own sequence
 * number moved to the front of the payload.
 *
 * <pre>
 * |                         RTP header                            |
 * | original sequence number (OSN)|   original RTP payload ...    |
 * </pre>
 */
public final class Rtx {
  /** Bytes an RTX packet is longer than the packet it carries. */
  public static final int OSN_BYTES = 2;

  /** Returned where a packet carries no original: padding alone, as sent to probe a path. */
  public static final int NO_ORIGINAL = -1;

  private Rtx() {}

  /** Sequence number of the packet carried, 0..65535, or {@link #NO_ORIGINAL} if the payload is too short to hold one. */
  public static int originalSequenceNumber(MemorySegment memory, long payloadOffset, int payloadBytes) {
    return payloadBytes < OSN_BYTES ? NO_ORIGINAL : Bytes.u16(memory, payloadOffset);
  }

  /**
   * Makes an RTX packet the original again, in place: its header moves two bytes forward, over the OSN. Extension
   * elements and padding stay as they are.
   *
   * @param headerBytes  as {@link RtpHeader#headerBytes} returned it
   * @param payloadBytes as {@link RtpHeader#payloadBytes} returned it
   * @param payloadType  of the original stream
   * @param ssrc         of the original stream
   * @return offset where the original begins, two bytes shorter than the RTX packet, or {@link #NO_ORIGINAL}; then
   *     nothing was written
   */
  public static long unwrap(
      MemorySegment memory, long offset, int headerBytes, int payloadBytes, int payloadType, int ssrc) {
    int sequenceNumber = originalSequenceNumber(memory, offset + headerBytes, payloadBytes);
    if (sequenceNumber == NO_ORIGINAL) {
      return NO_ORIGINAL;
    }
    long original = offset + OSN_BYTES;
    MemorySegment.copy(memory, offset, memory, original, headerBytes);
    RtpHeader.putPayloadType(memory, original, payloadType);
    RtpHeader.putSequenceNumber(memory, original, sequenceNumber);
    RtpHeader.putSsrc(memory, original, ssrc);
    return original;
  }

  /**
   * Writes the RTX packet for an original; timestamp, marker, CSRCs and extension are those of the original.
   *
   * @param payloadBytes without padding; the RTX packet has none
   * @param target       room for {@code headerBytes + payloadBytes + 2} bytes, not overlapping the original
   * @return bytes written
   */
  public static int wrap(
      MemorySegment memory,
      long offset,
      int headerBytes,
      int payloadBytes,
      int rtxPayloadType,
      int rtxSequenceNumber,
      int rtxSsrc,
      MemorySegment target,
      long targetOffset) {
    long payload = targetOffset + headerBytes;
    MemorySegment.copy(memory, offset, target, targetOffset, headerBytes);
    Bytes.put16(target, payload, RtpHeader.sequenceNumber(memory, offset));
    MemorySegment.copy(memory, offset + headerBytes, target, payload + OSN_BYTES, payloadBytes);
    RtpHeader.clearPadding(target, targetOffset);
    RtpHeader.putPayloadType(target, targetOffset, rtxPayloadType);
    RtpHeader.putSequenceNumber(target, targetOffset, rtxSequenceNumber);
    RtpHeader.putSsrc(target, targetOffset, rtxSsrc);
    return headerBytes + OSN_BYTES + payloadBytes;
  }
}
