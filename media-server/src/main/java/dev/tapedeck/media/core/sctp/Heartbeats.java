package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;

/** Asks an idle peer whether it is there, and answers when it asks (RFC 9260 §8.3). */
final class Heartbeats {
  private static final int INFO_BYTES = 8;

  private final ControlBlock block;
  private final RetryTimer timer = new RetryTimer();
  private long nonce;
  private long sentNanos;
  private boolean isUnanswered;

  Heartbeats(ControlBlock block) {
    this.block = block;
  }

  void start(long nowNanos) {
    isUnanswered = false;
    long rtoNanos = block.rto.rtoNanos();
    long jitterNanos = block.random.nextLong(rtoNanos) - rtoNanos / 2;
    timer.start(nowNanos, block.config.times().heartbeatNanos() + rtoNanos + jitterNanos);
  }

  long deadlineNanos() {
    return timer.deadlineNanos();
  }

  /** @param isIdle no data is under way that would show as well whether the peer is there */
  void handleTimeout(long nowNanos, boolean isIdle) {
    if (!timer.expire(nowNanos)) {
      return;
    }
    if (isUnanswered) {
      block.rto.backOff();
      block.countError();
    }
    if (!isIdle) {
      start(nowNanos);
      return;
    }
    send(nowNanos);
  }

  private void send(long nowNanos) {
    isUnanswered = true;
    nonce = block.random.nextLong();
    sentNanos = nowNanos;
    int at = block.outbox.begin(ChunkType.HEARTBEAT, 0, Tlv.HEADER_BYTES + INFO_BYTES);
    at = block.outbox.parameter(at, ParameterType.HEARTBEAT_INFO, INFO_BYTES);
    Bytes.put64(block.outbox.memory(), at, nonce);
    timer.startAgain(nowNanos, block.rto.rtoNanos());
  }

  /** Sends the peer's own words back. */
  void onHeartbeat(Tlv chunk) {
    if (chunk.valueBytes() > block.outbox.maxValueBytes()) {
      block.drop(SctpDropReason.MALFORMED); // longer than any packet of ours
      return;
    }
    byte[] info = chunk.value(0);
    int at = block.outbox.begin(ChunkType.HEARTBEAT_ACK, 0, info.length);
    block.outbox.put(at, info, 0, info.length);
  }

  void onHeartbeatAck(long nowNanos, Tlv chunk) {
    boolean isOurs = isUnanswered && chunk.valueBytes() == Tlv.HEADER_BYTES + INFO_BYTES
        && Bytes.u64(chunk.memory(), chunk.valueAt() + Tlv.HEADER_BYTES) == nonce;
    if (!isOurs) {
      block.drop(SctpDropReason.UNEXPECTED);
      return;
    }
    block.clearErrors();
    block.rto.onRoundTrip(nowNanos - sentNanos);
    start(nowNanos);
  }
}
