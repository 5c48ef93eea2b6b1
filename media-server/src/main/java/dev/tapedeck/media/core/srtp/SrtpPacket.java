package dev.tapedeck.media.core.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What SRTP needs to know of a packet's clear part (RFC 3550 §5.1, RFC 3711 §3.1).
 *
 * <pre>
 *  0                   1                   2                   3
 * +---+-+-+-------+-+-------------+-------------------------------+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +---+-+-+-------+-+-------------+-------------------------------+
 * |                           timestamp                           |
 * +---------------------------------------------------------------+
 * |                             SSRC                              |
 * +---------------------------------------------------------------+
 * |                    CC contributing sources                    |
 * +-------------------------------+-------------------------------+
 * |      defined by profile       |  length in words, if X is set |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
final class SrtpPacket {
  static final int RTP_FIXED_BYTES = 12;

  /** Clear start of an RTCP packet: first header and SSRC of its sender (RFC 3711 §3.4). */
  static final int RTCP_CLEAR_BYTES = 8;

  /** E flag and index behind an SRTCP packet. */
  static final int RTCP_INDEX_BYTES = 4;

  static final int NOT_RTP = -1;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int EXTENSION_FLAG = 0x10;
  private static final int CSRC_COUNT_MASK = 0x0F;

  private SrtpPacket() {}

  static boolean isVersion2(MemorySegment memory, long offset) {
    return (memory.get(JAVA_BYTE, offset) & 0xC0) == 0x80;
  }

  /**
   * Bytes of the RTP header with its contributing sources and extension.
   *
   * @param limit bytes from {@code offset} on that the header may take
   * @return 12..limit, or {@link #NOT_RTP}
   */
  static int rtpHeaderBytes(MemorySegment memory, long offset, int limit) {
    if (limit < RTP_FIXED_BYTES || !isVersion2(memory, offset)) {
      return NOT_RTP;
    }
    int first = memory.get(JAVA_BYTE, offset);
    int bytes = RTP_FIXED_BYTES + 4 * (first & CSRC_COUNT_MASK);
    if ((first & EXTENSION_FLAG) != 0) {
      if (bytes + 4 > limit) {
        return NOT_RTP;
      }
      int words = memory.get(SHORT, offset + bytes + 2) & 0xFFFF;
      bytes += 4 + 4 * words;
    }
    return bytes <= limit ? bytes : NOT_RTP;
  }

  static int sequenceNumber(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset + 2) & 0xFFFF;
  }

  static int rtpSsrc(MemorySegment memory, long offset) {
    return memory.get(INT, offset + 8);
  }

  static int rtcpSsrc(MemorySegment memory, long offset) {
    return memory.get(INT, offset + 4);
  }

  /** The 32-bit word of E flag and SRTCP index at {@code offset}. */
  static int rtcpIndexWord(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }
}
