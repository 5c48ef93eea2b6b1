package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 *
 * <pre>
 *  0                   1                   2                   3
 * |      base sequence number     |      packet status count      |
 * |                 reference time                | fb pkt. count |
 * |          packet chunk         |              ...              |
 * |  recv delta   |  ...
 *
 * |0| S |       Run Length        |   13 bits of how often symbol S comes
 * |1|0|       symbol list         |   14 symbols of one bit
 * |1|1|       symbol list         |   7 symbols of two bits
 * </pre>
 */
final class TransportFeedbackReader {
  private static final int CHUNKS_AT = RtcpPackets.FEEDBACK_HEADER_BYTES + 8;
  private static final long REFERENCE_NANOS = RtcpPackets.TICKS_PER_REFERENCE * RtcpPackets.TICK_NANOS;

  private TransportFeedbackReader() {}

  static boolean read(MemorySegment memory, long at, int bytes, RtcpVisitor visitor) {
    if (bytes < CHUNKS_AT) {
      return false;
    }
    int statuses = Bytes.u16(memory, at + 14);
    long deltasAt = deltasAt(memory, at, at + bytes, statuses);
    if (deltasAt < 0) {
      return false;
    }
    visitor.transportFeedback(Bytes.i32(memory, at + 4), Bytes.i32(memory, at + 8), Bytes.u16(memory, at + 12),
        statuses, Bytes.u8(memory, at + 19));
    tellStatuses(memory, at, deltasAt, statuses, visitor);
    return true;
  }

  /** Where the deltas begin, or -1 if chunks or deltas do not fit the packet or use a reserved symbol. */
  private static long deltasAt(MemorySegment memory, long at, long end, int statuses) {
    if (statuses == 0 || statuses > RtcpPackets.MAX_STATUSES) {
      return -1;
    }
    long chunkAt = at + CHUNKS_AT;
    int deltaBytes = 0;
    for (int seen = 0; seen < statuses; chunkAt += 2) {
      if (chunkAt + 2 > end) {
        return -1;
      }
      int chunk = Bytes.u16(memory, chunkAt);
      int symbols = Math.min(symbols(chunk), statuses - seen);
      for (int i = 0; i < symbols; i++) {
        int symbol = symbol(chunk, i);
        if (symbol > RtcpPackets.LARGE_DELTA) {
          return -1;
        }
        deltaBytes += symbol; // the symbol is the count of its delta's bytes
      }
      seen += symbols;
    }
    return chunkAt + deltaBytes <= end ? chunkAt : -1;
  }

  private static void tellStatuses(
      MemorySegment memory, long at, long deltaAt, int statuses, RtcpVisitor visitor) {
    int sequence = Bytes.u16(memory, at + 12);
    long arrivalNanos = Bytes.u24(memory, at + 16) * REFERENCE_NANOS;
    long chunkAt = at + CHUNKS_AT;
    for (int told = 0; told < statuses; chunkAt += 2) {
      int chunk = Bytes.u16(memory, chunkAt);
      int symbols = Math.min(symbols(chunk), statuses - told);
      for (int i = 0; i < symbols; i++, told++) {
        int transportSequence = sequence + told & 0xFFFF;
        int symbol = symbol(chunk, i);
        if (symbol == RtcpPackets.NOT_RECEIVED) {
          visitor.transportLoss(transportSequence);
          continue;
        }
        int ticks = symbol == RtcpPackets.SMALL_DELTA ? Bytes.u8(memory, deltaAt) : (short) Bytes.u16(memory, deltaAt);
        deltaAt += symbol;
        arrivalNanos += ticks * RtcpPackets.TICK_NANOS;
        visitor.transportArrival(transportSequence, arrivalNanos);
      }
    }
  }

  private static int symbols(int chunk) {
    if ((chunk & 0x8000) == 0) {
      return chunk & 0x1FFF;
    }
    return (chunk & 0x4000) == 0 ? 14 : 7;
  }

  private static int symbol(int chunk, int index) {
    if ((chunk & 0x8000) == 0) {
      return chunk >> 13 & 3;
    }
    return (chunk & 0x4000) == 0 ? chunk >> 13 - index & 1 : chunk >> 12 - 2 * index & 3;
  }
}
