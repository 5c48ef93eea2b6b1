package dev.tapedeck.media.core.sctp;

/** One fragment of a message, from its first transmission until the cumulative TSN has passed it. */
final class OutboundChunk {
  enum State {
    IN_FLIGHT,
    /** To be sent again. */
    LOST,
    /** By a gap block, which the peer may still take back. */
    ACKED,
    /** The message was given up. */
    ABANDONED
  }

  final OutboundMessage message;
  final int from;
  final int bytes;
  final int fragment;
  State state = State.IN_FLIGHT;
  int transmissions;

  /** SACKs that acknowledged later chunks and not this one. */
  int misses;

  /** Chunks are repeated fast only once (RFC 9260 §7.2.4). */
  boolean wasRepeatedFast;

  /** The last SACK whose gap blocks covered it. */
  int coveredBySack;

  OutboundChunk(OutboundMessage message, int from, int bytes, int fragment) {
    this.message = message;
    this.from = from;
    this.bytes = bytes;
    this.fragment = fragment;
  }

  boolean isBeginning() {
    return from == 0;
  }

  boolean isEnd() {
    return from + bytes == message.data.length;
  }
}
