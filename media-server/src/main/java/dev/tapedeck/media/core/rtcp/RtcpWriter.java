package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.SequenceNumbers;
import java.lang.foreign.MemorySegment;

/**
 * Writes RTCP packets one behind the other. Every method takes the room there is and returns the bytes it wrote, always
 * a multiple of 4, or 0 if they do not fit; then nothing was written.
 */
public final class RtcpWriter {
  /** Reports carry at most this many blocks (RFC 3550 §6.4.1). */
  public static final int MAX_REPORT_BLOCKS = 31;

  private static final int SDES_CNAME = 1;

  private RtcpWriter() {}

  /**
   * A sender report (RFC 3550 §6.4.1) with room for blocks, which the caller writes with
   * {@link ReceiverReport#writeBlock} at {@link #senderReportBlockAt}.
   *
   * @param ntp     64-bit NTP time, see {@link dev.tapedeck.protocol.rtp.NtpTime#fromUnixNanos}
   * @param packets low 32 bits are written
   * @param octets  of payload; low 32 bits are written
   * @param blocks  0..31
   */
  public static int senderReport(
      MemorySegment memory,
      long offset,
      int capacity,
      int ssrc,
      long ntp,
      int rtpTimestamp,
      long packets,
      long octets,
      int blocks) {
    int bytes = (int) senderReportBlockAt(0, blocks);
    if (bytes > capacity) {
      return 0;
    }
    putHeader(memory, offset, blocks, RtcpPackets.SENDER_REPORT, bytes);
    Bytes.put32(memory, offset + 4, ssrc);
    Bytes.put64(memory, offset + 8, ntp);
    Bytes.put32(memory, offset + 16, rtpTimestamp);
    Bytes.put32(memory, offset + 20, (int) packets);
    Bytes.put32(memory, offset + 24, (int) octets);
    return bytes;
  }

  /** Where block {@code index} of the sender report at {@code offset} belongs. */
  public static long senderReportBlockAt(long offset, int index) {
    return receiverReportBlockAt(offset, index) + RtcpPackets.SENDER_INFO_BYTES;
  }

  /**
   * A receiver report (RFC 3550 §6.4.2) with room for blocks, which the caller writes with
   * {@link ReceiverReport#writeBlock} at {@link #receiverReportBlockAt}.
   *
   * @param blocks 0..31
   */
  public static int receiverReport(MemorySegment memory, long offset, int capacity, int ssrc, int blocks) {
    int bytes = (int) receiverReportBlockAt(0, blocks);
    if (bytes > capacity) {
      return 0;
    }
    putHeader(memory, offset, blocks, RtcpPackets.RECEIVER_REPORT, bytes);
    Bytes.put32(memory, offset + 4, ssrc);
    return bytes;
  }

  /** A receiver report without blocks, to stand in front of feedback (RFC 3550 §6.1). */
  public static int emptyReceiverReport(MemorySegment memory, long offset, int capacity, int ssrc) {
    return receiverReport(memory, offset, capacity, ssrc, 0);
  }

  /** Where block {@code index} of the receiver report at {@code offset} belongs. */
  public static long receiverReportBlockAt(long offset, int index) {
    return offset + RtcpPackets.HEADER_BYTES + 4 + (long) index * RtcpPackets.REPORT_BLOCK_BYTES;
  }

  /**
   * A source description with the canonical name of one source (RFC 3550 §6.5).
   *
   * @param cname UTF-8, at most 255 bytes
   */
  public static int sourceDescription(MemorySegment memory, long offset, int capacity, int ssrc, byte[] cname) {
    int used = RtcpPackets.HEADER_BYTES + 4 + 2 + cname.length;
    int bytes = used + 4 - used % 4; // the list of items ends with one to four zeros
    if (bytes > capacity || cname.length > 255) {
      return 0;
    }
    putHeader(memory, offset, 1, RtcpPackets.SOURCE_DESCRIPTION, bytes);
    Bytes.put32(memory, offset + 4, ssrc);
    Bytes.put8(memory, offset + 8, SDES_CNAME);
    Bytes.put8(memory, offset + 9, cname.length);
    for (int i = 0; i < cname.length; i++) {
      Bytes.put8(memory, offset + 10 + i, cname[i]);
    }
    putZeros(memory, offset + used, offset + bytes);
    return bytes;
  }

  /** The end of one stream (RFC 3550 §6.6). */
  public static int bye(MemorySegment memory, long offset, int capacity, int ssrc) {
    if (capacity < 8) {
      return 0;
    }
    putHeader(memory, offset, 1, RtcpPackets.BYE, 8);
    Bytes.put32(memory, offset + 4, ssrc);
    return 8;
  }

  /**
   * Asks for packets again (RFC 4585 §6.2.1).
   *
   * @param sequenceNumbers in order, each after the one before; packed as far as their order allows
   * @param count           1 or more
   */
  public static int nack(
      MemorySegment memory,
      long offset,
      int capacity,
      int senderSsrc,
      int mediaSsrc,
      int[] sequenceNumbers,
      int count) {
    int at = RtcpPackets.FEEDBACK_HEADER_BYTES;
    for (int i = 0; i < count; at += 4) {
      if (at + 4 > capacity) {
        return 0;
      }
      int first = sequenceNumbers[i++];
      int mask = 0;
      while (i < count && isWithinMask(first, sequenceNumbers[i])) {
        mask |= 1 << SequenceNumbers.distance(first, sequenceNumbers[i++]) - 1;
      }
      Bytes.put16(memory, offset + at, first);
      Bytes.put16(memory, offset + at + 2, mask);
    }
    putFeedbackHeader(memory, offset, RtcpPackets.NACK, RtcpPackets.TRANSPORT_FEEDBACK, at, senderSsrc, mediaSsrc);
    return at;
  }

  /** Asks for a key frame (PLI, RFC 4585 §6.3.1). */
  public static int pictureLoss(MemorySegment memory, long offset, int capacity, int senderSsrc, int mediaSsrc) {
    int bytes = RtcpPackets.FEEDBACK_HEADER_BYTES;
    if (bytes > capacity) {
      return 0;
    }
    putFeedbackHeader(memory, offset, RtcpPackets.PLI, RtcpPackets.PAYLOAD_FEEDBACK, bytes, senderSsrc, mediaSsrc);
    return bytes;
  }

  /**
   * Asks for a key frame (FIR, RFC 5104 §4.3.1).
   *
   * @param commandSequence low 8 bits are written; a new request takes the next number, a repeated one the same
   */
  public static int fullIntraRequest(
      MemorySegment memory, long offset, int capacity, int senderSsrc, int mediaSsrc, int commandSequence) {
    int bytes = RtcpPackets.FEEDBACK_HEADER_BYTES + 8;
    if (bytes > capacity) {
      return 0;
    }
    putFeedbackHeader(memory, offset, RtcpPackets.FIR, RtcpPackets.PAYLOAD_FEEDBACK, bytes, senderSsrc, 0);
    Bytes.put32(memory, offset + 12, mediaSsrc);
    Bytes.put32(memory, offset + 16, commandSequence << 24);
    return bytes;
  }

  static void putFeedbackHeader(
      MemorySegment memory, long offset, int format, int type, int bytes, int senderSsrc, int mediaSsrc) {
    putHeader(memory, offset, format, type, bytes);
    Bytes.put32(memory, offset + 4, senderSsrc);
    Bytes.put32(memory, offset + 8, mediaSsrc);
  }

  static void putZeros(MemorySegment memory, long from, long to) {
    for (long at = from; at < to; at++) {
      Bytes.put8(memory, at, 0);
    }
  }

  private static void putHeader(MemorySegment memory, long offset, int count, int type, int bytes) {
    Bytes.put8(memory, offset, 2 << 6 | count);
    Bytes.put8(memory, offset + 1, type);
    Bytes.put16(memory, offset + 2, bytes / 4 - 1);
  }

  private static boolean isWithinMask(int first, int next) {
    int distance = SequenceNumbers.distance(first, next);
    return distance >= 1 && distance <= 16;
  }
}
