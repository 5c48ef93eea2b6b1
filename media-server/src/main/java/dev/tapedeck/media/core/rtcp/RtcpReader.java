package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * Reads compound and reduced-size RTCP (RFC 3550 §6.1, RFC 5506). Allocates nothing, throws for no content.
 *
 * <pre>
 *  0                   1                   2                   3
 * |V=2|P|  count  |      type     |  length in words, minus one   |
 * </pre>
 */
public final class RtcpReader {
  private static final int PADDING_BIT = 0x20;

  private RtcpReader() {}

  /**
   * Tells the visitor of each packet. Each is checked as a whole before its first call, so a malformed one tells
   * nothing; what stood before it has been told.
   *
   * @param length any number from 0
   * @return whether all of it was well-formed; types that are not known are skipped and count as well-formed
   */
  public static boolean read(MemorySegment memory, long offset, int length, RtcpVisitor visitor) {
    if (length < RtcpPackets.HEADER_BYTES) {
      return false;
    }
    long end = offset + length;
    long at = offset;
    while (at < end) {
      int packetBytes = packetBytes(memory, at, end);
      if (packetBytes < 0 || !readPacket(memory, at, packetBytes, at + packetBytes == end, visitor)) {
        return false;
      }
      at += packetBytes;
    }
    return true;
  }

  private static int packetBytes(MemorySegment memory, long at, long end) {
    if (at + RtcpPackets.HEADER_BYTES > end || Bytes.u8(memory, at) >> 6 != 2) {
      return -1;
    }
    int bytes = 4 * (Bytes.u16(memory, at + 2) + 1);
    return at + bytes <= end ? bytes : -1;
  }

  private static boolean readPacket(
      MemorySegment memory, long at, int packetBytes, boolean isLast, RtcpVisitor visitor) {
    int bytes = withoutPadding(memory, at, packetBytes, isLast);
    if (bytes < 0) {
      return false;
    }
    int count = Bytes.u8(memory, at) & 0x1F;
    return switch (Bytes.u8(memory, at + 1)) {
      case RtcpPackets.SENDER_REPORT -> readSenderReport(memory, at, bytes, count, visitor);
      case RtcpPackets.RECEIVER_REPORT -> readReceiverReport(memory, at, bytes, count, visitor);
      case RtcpPackets.BYE -> readBye(memory, at, bytes, count, visitor);
      case RtcpPackets.TRANSPORT_FEEDBACK -> bytes >= RtcpPackets.FEEDBACK_HEADER_BYTES
          && readTransportFeedback(memory, at, bytes, count, visitor);
      case RtcpPackets.PAYLOAD_FEEDBACK -> bytes >= RtcpPackets.FEEDBACK_HEADER_BYTES
          && readPayloadFeedback(memory, at, bytes, count, visitor);
      default -> true;
    };
  }

  /**
   * Only the last packet of a compound one may be padded, by whole words (RFC 3550 §6.4.1). Browsers fill up the last
   * word of transport-wide feedback and call that padding too, wherever the packet stands.
   */
  private static int withoutPadding(MemorySegment memory, long at, int packetBytes, boolean isLast) {
    if ((Bytes.u8(memory, at) & PADDING_BIT) == 0) {
      return packetBytes;
    }
    int padding = Bytes.u8(memory, at + packetBytes - 1);
    boolean isFeedback = Bytes.u8(memory, at + 1) == RtcpPackets.TRANSPORT_FEEDBACK;
    boolean isAllowed = isFeedback || isLast && padding % 4 == 0;
    boolean isValid = isAllowed && padding > 0 && padding <= packetBytes - RtcpPackets.HEADER_BYTES;
    return isValid ? packetBytes - padding : -1;
  }

  private static boolean readSenderReport(MemorySegment memory, long at, int bytes, int blocks, RtcpVisitor visitor) {
    int blocksAt = RtcpPackets.HEADER_BYTES + 4 + RtcpPackets.SENDER_INFO_BYTES;
    if (bytes < blocksAt + blocks * RtcpPackets.REPORT_BLOCK_BYTES) {
      return false;
    }
    visitor.senderReport(Bytes.i32(memory, at + 4), Bytes.u64(memory, at + 8), Bytes.i32(memory, at + 16),
        Bytes.u32(memory, at + 20), Bytes.u32(memory, at + 24), at, bytes);
    readBlocks(memory, at + blocksAt, blocks, Bytes.i32(memory, at + 4), visitor);
    return true;
  }

  private static boolean readReceiverReport(
      MemorySegment memory, long at, int bytes, int blocks, RtcpVisitor visitor) {
    int blocksAt = RtcpPackets.HEADER_BYTES + 4;
    if (bytes < blocksAt + blocks * RtcpPackets.REPORT_BLOCK_BYTES) {
      return false;
    }
    readBlocks(memory, at + blocksAt, blocks, Bytes.i32(memory, at + 4), visitor);
    return true;
  }

  private static void readBlocks(MemorySegment memory, long at, int blocks, int reporterSsrc, RtcpVisitor visitor) {
    for (int i = 0; i < blocks; i++, at += RtcpPackets.REPORT_BLOCK_BYTES) {
      int lostPackets = Bytes.i32(memory, at + 4) << 8 >> 8; // 24 bits with sign
      visitor.reportBlock(reporterSsrc, Bytes.i32(memory, at), Bytes.u8(memory, at + 4), lostPackets,
          Bytes.u32(memory, at + 8), Bytes.u32(memory, at + 12), Bytes.i32(memory, at + 16),
          Bytes.i32(memory, at + 20));
    }
  }

  private static boolean readBye(MemorySegment memory, long at, int bytes, int ssrcs, RtcpVisitor visitor) {
    if (bytes < RtcpPackets.HEADER_BYTES + 4 * ssrcs) {
      return false;
    }
    for (int i = 1; i <= ssrcs; i++) {
      visitor.bye(Bytes.i32(memory, at + 4L * i));
    }
    return true;
  }

  private static boolean readTransportFeedback(
      MemorySegment memory, long at, int bytes, int format, RtcpVisitor visitor) {
    return switch (format) {
      case RtcpPackets.NACK -> readNack(memory, at, bytes, visitor);
      case RtcpPackets.TRANSPORT_CC -> TransportFeedbackReader.read(memory, at, bytes, visitor);
      default -> true;
    };
  }

  /** Each entry: a sequence number (PID), and a bit for each of the 16 behind it (BLP). */
  private static boolean readNack(MemorySegment memory, long at, int bytes, RtcpVisitor visitor) {
    int senderSsrc = Bytes.i32(memory, at + 4);
    int mediaSsrc = Bytes.i32(memory, at + 8);
    for (int entry = RtcpPackets.FEEDBACK_HEADER_BYTES; entry < bytes; entry += 4) {
      int sequenceNumber = Bytes.u16(memory, at + entry);
      visitor.nack(senderSsrc, mediaSsrc, sequenceNumber);
      for (int mask = Bytes.u16(memory, at + entry + 2); mask != 0; mask &= mask - 1) {
        int behind = 1 + Integer.numberOfTrailingZeros(mask);
        visitor.nack(senderSsrc, mediaSsrc, sequenceNumber + behind & 0xFFFF);
      }
    }
    return true;
  }

  private static boolean readPayloadFeedback(
      MemorySegment memory, long at, int bytes, int format, RtcpVisitor visitor) {
    int senderSsrc = Bytes.i32(memory, at + 4);
    switch (format) {
      case RtcpPackets.PLI -> visitor.pictureLoss(senderSsrc, Bytes.i32(memory, at + 8));
      case RtcpPackets.FIR -> {
        for (int entry = RtcpPackets.FEEDBACK_HEADER_BYTES; entry + 8 <= bytes; entry += 8) {
          visitor.fullIntraRequest(
              senderSsrc, Bytes.i32(memory, at + entry), Bytes.u8(memory, at + entry + 4));
        }
      }
      case RtcpPackets.APPLICATION -> {
        return readApplicationFeedback(memory, at, bytes, senderSsrc, visitor);
      }
      default -> {}
    }
    return true;
  }

  /**
   * REMB; other application feedback is skipped.
   *
   * <pre>
   * |  Unique identifier 'R' 'E' 'M' 'B'                            |
   * |  Num SSRC     | BR Exp    |  BR Mantissa                      |
   * |   SSRC feedback ...                                           |
   * </pre>
   */
  private static boolean readApplicationFeedback(
      MemorySegment memory, long at, int bytes, int senderSsrc, RtcpVisitor visitor) {
    int streamsAt = RtcpPackets.FEEDBACK_HEADER_BYTES + 8;
    if (bytes < streamsAt || Bytes.i32(memory, at + 12) != RtcpPackets.REMB_IDENTIFIER) {
      return true;
    }
    int streams = Bytes.u8(memory, at + 16);
    if (bytes < streamsAt + 4 * streams) {
      return false;
    }
    int rate = Bytes.u24(memory, at + 17);
    visitor.maximumBitrate(senderSsrc, shiftedUpToMax(rate & 0x3FFFF, rate >> 18), streams);
    for (int i = 0; i < streams; i++) {
      visitor.maximumBitrateStream(Bytes.i32(memory, at + streamsAt + 4L * i));
    }
    return true;
  }

  /** A mantissa of 18 bits with an exponent up to 63 can say more than 63 bits hold. */
  private static long shiftedUpToMax(long mantissa, int exponent) {
    return exponent < Long.numberOfLeadingZeros(mantissa) ? mantissa << exponent : Long.MAX_VALUE;
  }
}
