package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half: notes what arrived, puts it together, and acknowledges it (RFC 9260 §6.2 to 6.7, RFC 3758 §3.6).
 */
final class DataReceiver {
  private static final int SACK_BYTES = 12;
  private static final int MAX_DUPLICATES = 16;
  private static final int MAX_GAPS = 64;

  /** At least every second packet with data is acknowledged at once (RFC 9260 §6.2). */
  private static final int PACKETS_PER_SACK = 2;

  private final ControlBlock block;
  private final MemorySegment gapBlocks = MemorySegment.ofArray(new byte[4 * MAX_GAPS]);
  private final int[] duplicates = new int[MAX_DUPLICATES];
  private final RetryTimer sackTimer = new RetryTimer();
  private ReceivedTsns received;
  private Reassembly reassembly;
  private int duplicateCount;
  private int unackedPackets;
  private boolean hasNewData;
  private boolean mustSack;

  DataReceiver(ControlBlock block) {
    this.block = block;
  }

  /** The association is established, perhaps anew. */
  void start() {
    received = new ReceivedTsns(SerialNumbers.first32(block.peer.initialTsn()));
    reassembly = new Reassembly(block.config.limits().maxMessageBytes());
    sackTimer.stop();
    duplicateCount = 0;
    unackedPackets = 0;
    mustSack = false;
  }

  /** Takes a chunk of type DATA or I-DATA. */
  void onData(Tlv chunk) {
    int dataBytes = chunk.valueBytes() - Fragment.headerBytes(chunk);
    if (dataBytes < 0) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    hasNewData = true;
    mustSack |= chunk.hasFlag(ChunkType.FLAG_IMMEDIATE);
    long tsn = SerialNumbers.unwrap32(received.cumulativeTsn(), chunk.value32(0));
    if (received.contains(tsn)) {
      noteDuplicate(chunk.value32(0));
    } else if (dataBytes == 0) {
      block.abort(SctpCloseReason.PROTOCOL_VIOLATION, CauseCode.NO_USER_DATA, chunk.value(0), "no user data");
    } else if (chunk.value16(4) >= block.local.inboundStreams()) {
      refuseStream(chunk, tsn);
    } else if (hasRoom(tsn, dataBytes + SctpLimits.OVERHEAD_BYTES)) {
      take(chunk, tsn);
    }
  }

  private void noteDuplicate(int wireTsn) {
    block.drop(SctpDropReason.DUPLICATE);
    mustSack = true;
    if (duplicateCount < MAX_DUPLICATES) {
      duplicates[duplicateCount++] = wireTsn;
    }
  }

  /** The chunk counts as received all the same (RFC 9260 §6.5). */
  private void refuseStream(Tlv chunk, long tsn) {
    block.drop(SctpDropReason.INVALID_STREAM);
    if (!received.isBeyondWindow(tsn)) {
      received.add(tsn);
      int streamId = chunk.value16(4);
      block.reportError(CauseCode.INVALID_STREAM, new byte[] {(byte) (streamId >> 8), (byte) streamId, 0, 0});
    }
  }

  /**
   * Whether a chunk may be kept. What is next in sequence is let in beyond the window, because it may free what waits for
   * it; if even that is too much the association cannot go on.
   */
  private boolean hasRoom(long tsn, int heldBytes) {
    SctpLimits limits = block.config.limits();
    boolean isNext = tsn == received.cumulativeTsn() + 1;
    long capacityBytes = limits.receiveBufferBytes() + (isNext ? limits.maxMessageBytes() : 0L);
    if (!received.isBeyondWindow(tsn) && reassembly.heldBytes() + heldBytes <= capacityBytes) {
      return true;
    }
    block.drop(SctpDropReason.NO_WINDOW);
    mustSack = true;
    if (isNext) {
      block.abort(SctpCloseReason.OUT_OF_RESOURCE, CauseCode.OUT_OF_RESOURCE,
          "unfinished messages hold " + reassembly.heldBytes() + " bytes");
    }
    return false;
  }

  private void take(Tlv chunk, long tsn) {
    mustSack |= received.hasGaps(); // what may fill a gap is acknowledged as fast as what shows one
    received.add(tsn);
    Fragment fragment = Fragment.read(chunk, tsn);
    switch (reassembly.add(fragment)) {
      case TAKEN -> {}
      case STALE -> block.drop(SctpDropReason.DUPLICATE);
      case VIOLATION -> block.abortViolation("fragments contradict each other in stream " + fragment.streamId());
      case TOO_LARGE -> block.abort(SctpCloseReason.OUT_OF_RESOURCE, CauseCode.OUT_OF_RESOURCE,
          "message is longer than " + block.config.limits().maxMessageBytes() + " bytes");
    }
  }

  /** Takes a chunk of type FORWARD-TSN or I-FORWARD-TSN. */
  void onForwardTsn(Tlv chunk) {
    if (chunk.valueBytes() < 4) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    mustSack = true;
    long tsn = SerialNumbers.unwrap32(received.cumulativeTsn(), chunk.value32(0));
    if (tsn <= received.cumulativeTsn()) {
      return; // the SACK tells a peer that missed an earlier one
    }
    received.skipTo(tsn);
    boolean isInterleaved = chunk.chunkType() == ChunkType.I_FORWARD_TSN;
    int skipBytes = isInterleaved ? 8 : 4;
    for (int at = 4; at + skipBytes <= chunk.valueBytes(); at += skipBytes) {
      skip(chunk, at, isInterleaved);
    }
    reassembly.skipUnorderedTo(tsn);
  }

  private void skip(Tlv chunk, int at, boolean isInterleaved) {
    int streamId = chunk.value16(at);
    if (streamId >= block.local.inboundStreams()) {
      block.drop(SctpDropReason.INVALID_STREAM);
      return;
    }
    boolean isOrdered = !isInterleaved || (chunk.value16(at + 2) & 1) == 0;
    int number = isInterleaved ? chunk.value32(at + 4) : chunk.value16(at + 2);
    reassembly.skip(streamId, number, isOrdered, isInterleaved);
  }

  /** All chunks of a packet are taken: acknowledge now, or after a while. */
  void endPacket(long nowNanos) {
    if (received == null || !hasNewData && !mustSack) {
      return;
    }
    unackedPackets += hasNewData ? 1 : 0;
    hasNewData = false;
    if (mustSack || received.hasGaps() || unackedPackets >= PACKETS_PER_SACK) {
      sendSack();
    } else if (!sackTimer.isRunning()) {
      sackTimer.start(nowNanos, block.config.times().sackDelayNanos());
    }
  }

  long deadlineNanos() {
    return sackTimer.deadlineNanos();
  }

  void handleTimeout(long nowNanos) {
    if (sackTimer.expire(nowNanos)) {
      sendSack();
    }
  }

  /** Whether a SACK is due sooner or later; one may as well go with data that leaves now. */
  boolean owesSack() {
    return sackTimer.isRunning();
  }

  void sendSack() {
    int gaps = received.writeGaps(gapBlocks, 0, MAX_GAPS);
    int at = block.outbox.begin(ChunkType.SACK, 0, SACK_BYTES + 4 * (gaps + duplicateCount));
    MemorySegment memory = block.outbox.memory();
    Bytes.put32(memory, at, (int) received.cumulativeTsn());
    Bytes.put32(memory, at + 4, (int) windowBytes());
    Bytes.put16(memory, at + 8, gaps);
    Bytes.put16(memory, at + 10, duplicateCount);
    MemorySegment.copy(gapBlocks, 0, memory, at + SACK_BYTES, 4L * gaps);
    for (int i = 0; i < duplicateCount; i++) {
      Bytes.put32(memory, at + SACK_BYTES + 4L * (gaps + i), duplicates[i]);
    }
    sackTimer.stop();
    duplicateCount = 0;
    unackedPackets = 0;
    mustSack = false;
  }

  private long windowBytes() {
    return Math.max(0, block.config.limits().receiveBufferBytes() - reassembly.heldBytes());
  }

  int cumulativeTsn() {
    return (int) received.cumulativeTsn();
  }

  /** Whether everything up to this TSN has come. */
  boolean hasAllUpTo(int wireTsn) {
    return SerialNumbers.unwrap32(received.cumulativeTsn(), wireTsn) <= received.cumulativeTsn();
  }

  void resetStream(int streamId) {
    reassembly.reset(streamId);
  }

  void resetAllStreams() {
    reassembly.resetAll();
  }

  /** The next whole message, or null. */
  InboundMessage poll() {
    return reassembly == null ? null : reassembly.poll();
  }

  long heldBytes() {
    return reassembly == null ? 0 : reassembly.heldBytes();
  }
}
