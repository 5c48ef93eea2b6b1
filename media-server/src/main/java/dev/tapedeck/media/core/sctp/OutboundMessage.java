package dev.tapedeck.media.core.sctp;

/** A message on its way out, from being queued until all of it is acknowledged or it is given up. */
final class OutboundMessage {
  final OutboundStream stream;
  final int protocol;
  final byte[] data;
  final boolean isOrdered;
  private final int maxRetransmits;
  private final long expiresNanos;
  private long number = -1;
  private int takenBytes;
  private int takenFragments;
  private int unsettledBytes;
  private boolean isAbandoned;

  /** @param data at least one byte */
  OutboundMessage(
      OutboundStream stream, int protocol, byte[] data, boolean isOrdered, Reliability reliability, long nowNanos) {
    this.stream = stream;
    this.protocol = protocol;
    this.data = data;
    this.isOrdered = isOrdered;
    maxRetransmits = reliability instanceof Reliability.Retransmits(int count) ? count : Integer.MAX_VALUE;
    expiresNanos = reliability instanceof Reliability.Lifetime(int millis)
        ? nowNanos + millis * 1_000_000L
        : Long.MAX_VALUE;
    unsettledBytes = data.length;
  }

  /** Cuts off the next fragment; the first one gives the message its number. */
  OutboundChunk take(int maxBytes) {
    if (!isBegun()) {
      number = stream.takeNumber(isOrdered);
    }
    int bytes = Math.min(maxBytes, untakenBytes());
    OutboundChunk chunk = new OutboundChunk(this, takenBytes, bytes, takenFragments++);
    takenBytes += bytes;
    return chunk;
  }

  int untakenBytes() {
    return data.length - takenBytes;
  }

  boolean isBegun() {
    return number >= 0;
  }

  /** SSN or MID, once begun. */
  long number() {
    return number;
  }

  boolean isExpired(long nowNanos) {
    return nowNanos >= expiresNanos;
  }

  /** Whether a lost fragment may be sent once more (RFC 3758 §3.5, RFC 8831 §6.1). */
  boolean mayRepeat(long nowNanos, int transmissions) {
    return transmissions <= maxRetransmits && !isExpired(nowNanos);
  }

  /** Notes that bytes need not be kept any more; returns how many had not been noted before. */
  int settle(int bytes) {
    int settled = Math.min(bytes, unsettledBytes);
    unsettledBytes -= settled;
    return settled;
  }

  boolean isSettled() {
    return unsettledBytes == 0;
  }

  void abandon() {
    isAbandoned = true;
  }

  boolean isAbandoned() {
    return isAbandoned;
  }
}
