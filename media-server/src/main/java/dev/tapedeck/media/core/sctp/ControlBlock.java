package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** What all parts of an association share: the transmission control block of RFC 9260 §14. */
final class ControlBlock {
  private static final int MAX_CAUSE_BYTES = 200;

  final SctpConfig config;
  final RandomGenerator random;
  final SctpCounters counters;
  final SctpChecksum checksum = new SctpChecksum();
  final Outbox outbox;
  final RetransmissionTimeout rto;
  AssociationState state = AssociationState.CLOSED;
  Endpoint local;

  /** Null until its INIT ACK or its cookie has come. */
  Endpoint peer;

  private int errorsInARow;
  private boolean isOver;

  ControlBlock(SctpConfig config, RandomGenerator random, SctpCounters counters) {
    this.config = config;
    this.random = random;
    this.counters = counters;
    outbox = new Outbox(config, counters, checksum);
    rto = new RetransmissionTimeout(config.times());
    local = freshLocal();
  }

  /** Ourselves under a new tag and a new initial TSN. */
  Endpoint freshLocal() {
    int tag;
    do {
      tag = random.nextInt();
    } while (tag == 0);
    return Endpoint.ours(config, tag, random.nextInt());
  }

  void setPeer(Endpoint peer) {
    this.peer = peer;
    outbox.setTag(peer.tag());
  }

  /** Whether both sides said that they know it. */
  boolean both(int feature) {
    return peer != null && peer.has(feature) && local.has(feature);
  }

  int outboundStreams() {
    return Math.min(local.outboundStreams(), peer.inboundStreams());
  }

  boolean isOver() {
    return isOver;
  }

  void drop(SctpDropReason reason) {
    counters.drop(reason);
  }

  /** The peer answered something (RFC 9260 §8.1). */
  void clearErrors() {
    errorsInARow = 0;
  }

  /** Something went unanswered; after too many the association is over. */
  void countError() {
    if (++errorsInARow > config.times().maxRetransmits()) {
      close(SctpCloseReason.PEER_UNREACHABLE, errorsInARow + " time-outs in a row");
    }
  }

  /** Tells the peer why in words, and ends the association (RFC 9260 §9.1). */
  void abort(SctpCloseReason reason, int causeCode, String text) {
    abort(reason, causeCode, text.getBytes(StandardCharsets.UTF_8), text);
  }

  /** @param info what the format of the cause asks for */
  void abort(SctpCloseReason reason, int causeCode, byte[] info, String text) {
    if (isOver) {
      return;
    }
    if (peer != null) {
      int count = Math.min(info.length, MAX_CAUSE_BYTES);
      int at = outbox.begin(ChunkType.ABORT, 0, Tlv.HEADER_BYTES + count);
      outbox.put(outbox.parameter(at, causeCode, count), info, 0, count);
    }
    close(reason, text);
  }

  /** Tells the peer that it broke the protocol, and ends the association. */
  void abortViolation(String text) {
    abort(SctpCloseReason.PROTOCOL_VIOLATION, CauseCode.PROTOCOL_VIOLATION, text);
  }

  /** Ends the association without a word to the peer. */
  void close(SctpCloseReason reason, String cause) {
    if (!isOver) {
      isOver = true;
      state = AssociationState.CLOSED;
      outbox.flush();
      outbox.event(new SctpEvent.Closed(reason, cause));
    }
  }

  /** Sends ERROR with one cause; as much of {@code info} as fits. */
  void reportError(int causeCode, byte[] info) {
    int count = Math.min(info.length, outbox.maxValueBytes() - Tlv.HEADER_BYTES);
    int at = outbox.begin(ChunkType.ERROR, 0, Tlv.HEADER_BYTES + count);
    outbox.put(outbox.parameter(at, causeCode, count), info, 0, count);
  }

  /** Sends a chunk whose value is one 32-bit number. */
  void send32(int chunkType, int value) {
    int at = outbox.begin(chunkType, 0, 4);
    Bytes.put32(outbox.memory(), at, value);
  }
}
