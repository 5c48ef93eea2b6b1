package dev.tapedeck.media.core.sctp;

/** How an association ends with everything delivered (RFC 9260 §9.2). */
final class Teardown {
  /** T5-shutdown-guard, in units of the largest RTO. */
  private static final int GUARD_RTOS = 5;

  private final ControlBlock block;
  private final RetryTimer t2 = new RetryTimer();
  private final RetryTimer guard = new RetryTimer();

  Teardown(ControlBlock block) {
    this.block = block;
  }

  void shutdown(long nowNanos) {
    if (!block.state.isEstablished()) {
      block.close(SctpCloseReason.SHUTDOWN, "before it was established");
    } else if (block.state == AssociationState.ESTABLISHED) {
      block.state = AssociationState.SHUTDOWN_PENDING;
      guard.start(nowNanos, GUARD_RTOS * block.config.times().maxRtoNanos());
    }
  }

  /** Takes the next step if nothing is left to deliver. */
  void proceed(long nowNanos, boolean isDrained, int cumulativeTsn) {
    if (!isDrained) {
      return;
    }
    if (block.state == AssociationState.SHUTDOWN_PENDING) {
      block.state = AssociationState.SHUTDOWN_SENT;
      sendShutdown(nowNanos, cumulativeTsn);
    } else if (block.state == AssociationState.SHUTDOWN_RECEIVED) {
      acknowledge(nowNanos);
    }
  }

  /** Data arrived although we have said goodbye: say again up to where (§9.2). */
  void onDataAfterShutdown(long nowNanos, int cumulativeTsn) {
    if (block.state == AssociationState.SHUTDOWN_SENT) {
      sendShutdown(nowNanos, cumulativeTsn);
    }
  }

  private void sendShutdown(long nowNanos, int cumulativeTsn) {
    block.send32(ChunkType.SHUTDOWN, cumulativeTsn);
    t2.start(nowNanos, block.rto.rtoNanos());
  }

  private void acknowledge(long nowNanos) {
    block.state = AssociationState.SHUTDOWN_ACK_SENT;
    block.outbox.begin(ChunkType.SHUTDOWN_ACK, 0, 0);
    t2.start(nowNanos, block.rto.rtoNanos());
  }

  long deadlineNanos() {
    return Math.min(t2.deadlineNanos(), guard.deadlineNanos());
  }

  void handleTimeout(long nowNanos, int cumulativeTsn) {
    if (guard.expire(nowNanos)) {
      block.abort(SctpCloseReason.PEER_UNREACHABLE, CauseCode.USER_INITIATED, "shutdown took too long");
      return;
    }
    if (!t2.expire(nowNanos)) {
      return;
    }
    block.rto.backOff();
    block.countError();
    if (block.state == AssociationState.SHUTDOWN_SENT) {
      block.send32(ChunkType.SHUTDOWN, cumulativeTsn);
    } else if (block.state == AssociationState.SHUTDOWN_ACK_SENT) {
      block.outbox.begin(ChunkType.SHUTDOWN_ACK, 0, 0);
    }
    t2.startAgain(nowNanos, block.rto.rtoNanos());
  }

  void onShutdown(long nowNanos, Tlv chunk, DataSender sender) {
    if (chunk.valueBytes() < 4) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    switch (block.state) {
      case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_RECEIVED -> {
        block.state = AssociationState.SHUTDOWN_RECEIVED;
        sender.onCumulativeAck(nowNanos, chunk.value32(0));
      }
      case SHUTDOWN_SENT -> acknowledge(nowNanos); // both at once
      case SHUTDOWN_ACK_SENT, CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> block.drop(SctpDropReason.UNEXPECTED);
    }
  }

  /** @param tag of the packet it came in */
  void onShutdownAck(int tag) {
    switch (block.state) {
      case SHUTDOWN_SENT, SHUTDOWN_ACK_SENT -> {
        block.outbox.beginAlone(block.peer.tag(), ChunkType.SHUTDOWN_COMPLETE, 0, 0);
        block.outbox.endAlone();
        block.close(SctpCloseReason.SHUTDOWN, "");
      }
      case CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> completeReflected(tag); // §8.5.1, E
      case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_RECEIVED -> block.drop(SctpDropReason.UNEXPECTED);
    }
  }

  /** Answers for an association there is no more: its SHUTDOWN COMPLETE was lost (§8.4, item 5). */
  void completeReflected(int tag) {
    block.outbox.beginAlone(tag, ChunkType.SHUTDOWN_COMPLETE, ChunkType.FLAG_REFLECTED, 0);
    block.outbox.endAlone();
  }

  void onShutdownComplete() {
    if (block.state == AssociationState.SHUTDOWN_ACK_SENT) {
      block.close(SctpCloseReason.SHUTDOWN, "");
    } else {
      block.drop(SctpDropReason.UNEXPECTED);
    }
  }
}
