package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes what carries user data, and what says that some will never come, in the form both sides agreed on.
 *
 * <pre>
 * DATA (RFC 9260 §3.3.1)                       I-DATA (RFC 8260 §2.1)
 * |              TSN              |            |              TSN              |
 * |   stream id   |      SSN      |            |   stream id   |   reserved    |
 * |  payload protocol identifier  |            |              MID              |
 * |            user data          |            | PPID in the first, else FSN   |
 *                                              |            user data          |
 * </pre>
 */
final class DataChunkWriter {
  static final int DATA_HEADER_BYTES = 12;
  static final int I_DATA_HEADER_BYTES = 16;

  private final Outbox outbox;
  private boolean isInterleaving;

  DataChunkWriter(Outbox outbox) {
    this.outbox = outbox;
  }

  void setInterleaving(boolean isInterleaving) {
    this.isInterleaving = isInterleaving;
  }

  /** User data that fits into a packet of its own. */
  int maxDataBytes() {
    return outbox.maxValueBytes() - headerBytes();
  }

  /** User data that still fits into the packet begun; may be negative. */
  int dataBytesLeft() {
    return outbox.valueBytesLeft() - headerBytes();
  }

  private int headerBytes() {
    return isInterleaving ? I_DATA_HEADER_BYTES : DATA_HEADER_BYTES;
  }

  void write(long tsn, OutboundChunk chunk) {
    OutboundMessage message = chunk.message;
    int flags = (chunk.isBeginning() ? ChunkType.FLAG_BEGINNING : 0) | (chunk.isEnd() ? ChunkType.FLAG_END : 0)
        | (message.isOrdered ? 0 : ChunkType.FLAG_UNORDERED);
    int type = isInterleaving ? ChunkType.I_DATA : ChunkType.DATA;
    int at = outbox.begin(type, flags, headerBytes() + chunk.bytes);
    MemorySegment memory = outbox.memory();
    Bytes.put32(memory, at, (int) tsn);
    Bytes.put16(memory, at + 4, message.stream.id);
    if (isInterleaving) {
      Bytes.put16(memory, at + 6, 0);
      Bytes.put32(memory, at + 8, (int) message.number());
      Bytes.put32(memory, at + 12, chunk.isBeginning() ? message.protocol : chunk.fragment);
    } else {
      Bytes.put16(memory, at + 6, message.isOrdered ? (int) message.number() : 0);
      Bytes.put32(memory, at + 8, message.protocol);
    }
    outbox.put(at + headerBytes(), message.data, chunk.from, chunk.bytes);
  }

  /**
   * Writes FORWARD-TSN (RFC 3758 §3.2) or I-FORWARD-TSN (RFC 8260 §2.3.1) with the last message given up of each stream.
   *
   * @param to the Advanced.Peer.Ack.Point, above the cumulative TSN; less is told if not all streams fit
   */
  void writeForwardTsn(RetransmissionQueue sent, long to) {
    int skipBytes = isInterleaving ? 8 : 4;
    int maxSkips = (outbox.maxValueBytes() - 4) / skipBytes;
    Map<Integer, OutboundMessage> skips = new HashMap<>();
    long tsn = sent.cumulativeTsn();
    while (tsn < to && skips.size() < maxSkips) {
      OutboundMessage message = sent.at(++tsn).message;
      if (message.isOrdered || isInterleaving) {
        skips.merge(skipKey(message), message, (a, b) -> a.number() > b.number() ? a : b);
      }
    }
    int type = isInterleaving ? ChunkType.I_FORWARD_TSN : ChunkType.FORWARD_TSN;
    int at = outbox.begin(type, 0, 4 + skips.size() * skipBytes);
    Bytes.put32(outbox.memory(), at, (int) tsn);
    at += 4;
    for (OutboundMessage message : skips.values()) {
      writeSkip(at, message);
      at += skipBytes;
    }
  }

  /** Ordered and unordered messages of a stream are counted apart only with I-DATA. */
  private static int skipKey(OutboundMessage message) {
    return message.stream.id << 1 | (message.isOrdered ? 0 : 1);
  }

  private void writeSkip(int at, OutboundMessage message) {
    Bytes.put16(outbox.memory(), at, message.stream.id);
    if (isInterleaving) {
      Bytes.put16(outbox.memory(), at + 2, message.isOrdered ? 0 : 1);
      Bytes.put32(outbox.memory(), at + 4, (int) message.number());
    } else {
      Bytes.put16(outbox.memory(), at + 2, (int) message.number());
    }
  }
}
