package dev.tapedeck.media.core.sctp;

/**
 * The sending half: what is queued leaves as the peer's window and the congestion window allow, is repeated when lost (RFC
 * 9260 §6 and 7), and given up when its channel says so (RFC 3758).
 */
final class DataSender {
  /** Packets of data sent at one go (RFC 9260 §6.1, D). */
  private static final int MAX_BURST_PACKETS = 4;

  private static final int SACK_BYTES = 12;
  private static final int ENTRY_BYTES = 4;
  private static final long NONE = -1;

  private final ControlBlock block;
  private final SendBuffer buffer;
  private final SendQueue queue = new SendQueue();
  private final DataChunkWriter writer;
  private final RetryTimer t3 = new RetryTimer();
  private RetransmissionQueue sent;
  private CongestionWindow congestion;
  private long peerWindowBytes;
  private boolean isPartial;

  /** After a loss one packet leaves whatever the congestion window says (RFC 9260 §7.2.4, 3). */
  private boolean owesFastRepeat;

  /** The chunk whose round trip is being measured. */
  private long timedTsn = NONE;
  private long timedNanos;

  private long forwardedTsn;
  private long forwardedNanos;

  DataSender(ControlBlock block) {
    this.block = block;
    buffer = new SendBuffer(block.config.limits());
    writer = new DataChunkWriter(block.outbox);
  }

  /** The association is established: what is queued may go. */
  void start() {
    boolean isInterleaving = block.both(Endpoint.INTERLEAVING);
    queue.setInterleaving(isInterleaving);
    writer.setInterleaving(isInterleaving);
    isPartial = block.both(Endpoint.PARTIAL_RELIABILITY);
    sent = new RetransmissionQueue(SerialNumbers.first32(block.local.initialTsn()), buffer, block.counters);
    forwardedTsn = sent.cumulativeTsn();
    peerWindowBytes = block.peer.windowBytes();
    congestion = new CongestionWindow(writer.maxDataBytes(), peerWindowBytes);
  }

  /** The peer has restarted: nothing sent or queued is of use to it. */
  void restart() {
    sent.clear();
    for (OutboundMessage message; (message = queue.peek()) != null; queue.remove(message)) {
      buffer.settleAll(message);
    }
    queue.clear();
    t3.stop();
    timedTsn = NONE;
    owesFastRepeat = false;
    start();
  }

  SendBuffer buffer() {
    return buffer;
  }

  /** @param data at least one byte; not to be changed afterwards */
  void add(long nowNanos, int streamId, int protocol, byte[] data, boolean isOrdered, Reliability reliability) {
    OutboundStream stream = queue.stream(streamId);
    OutboundMessage message = new OutboundMessage(stream, protocol, data, isOrdered, reliability, nowNanos);
    buffer.add(message);
    queue.add(message);
  }

  /** User data of the stream queued or in flight. */
  long bufferedBytes(int streamId) {
    return queue.bufferedBytes(streamId);
  }

  /** Forgets a stream that cannot be used, with all that is queued on it; nothing of it was sent. */
  void discardStream(int streamId) {
    OutboundStream stream = queue.stream(streamId);
    for (OutboundMessage message; (message = stream.messages.peek()) != null; queue.remove(message)) {
      buffer.settleAll(message);
    }
    queue.forget(streamId);
  }

  /** Whether {@link #transmit} would send data now. */
  boolean mayTransmit() {
    return block.state.sendsData() && (sent.hasLost() || !queue.isEmpty()) && mayFly(1);
  }

  /** The stream was reset. */
  void resetStream(int streamId) {
    queue.forget(streamId);
  }

  /** Whether all that was queued has arrived or was given up. */
  boolean isDrained() {
    return queue.isEmpty() && (sent == null || sent.isEmpty());
  }

  /** The last TSN given to a chunk. */
  int lastTsn() {
    return (int) (sent.nextTsn() - 1);
  }

  void onSack(long nowNanos, Tlv chunk) {
    if (chunk.valueBytes() < SACK_BYTES
        || chunk.valueBytes() < SACK_BYTES + (chunk.value16(8) + chunk.value16(10)) * ENTRY_BYTES) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    long flightBytes = sent.flightBytes();
    if (!sent.acknowledge(chunk, chunk.value16(8), nowNanos, isPartial, congestion.isInFastRecovery())) {
      block.drop(SctpDropReason.BAD_ACKNOWLEDGEMENT);
      return;
    }
    peerWindowBytes = Integer.toUnsignedLong(chunk.value32(4));
    onAcknowledged(nowNanos, flightBytes);
    if (sent.hasLoss()) {
      owesFastRepeat |= !congestion.isInFastRecovery();
      congestion.onLoss(sent.nextTsn() - 1);
    }
  }

  /** The peer's SHUTDOWN says what it has, without gaps (RFC 9260 §9.2). */
  void onCumulativeAck(long nowNanos, int wireTsn) {
    long flightBytes = sent.flightBytes();
    if (sent.acknowledge(wireTsn)) {
      onAcknowledged(nowNanos, flightBytes);
    } else {
      block.drop(SctpDropReason.BAD_ACKNOWLEDGEMENT);
    }
  }

  private void onAcknowledged(long nowNanos, long flightBytes) {
    measureRoundTrip(nowNanos);
    if (sent.ackedBytes() > 0) {
      congestion.onAcked(sent.ackedBytes(), flightBytes, sent.isAdvanced(), sent.isEmpty());
    }
    congestion.onCumulativeAck(sent.cumulativeTsn());
    // A peer that answers with a closed window is there; it is only busy (RFC 9260 §6.1, A).
    if (sent.ackedBytes() > 0 || sent.isAdvanced() || peerWindowBytes == 0) {
      block.clearErrors();
    }
    if (sent.isEmpty()) {
      t3.stop();
    } else if (sent.isAdvanced()) {
      t3.start(nowNanos, block.rto.rtoNanos());
    }
  }

  private void measureRoundTrip(long nowNanos) {
    if (timedTsn != NONE && sent.isAcked(timedTsn)) {
      block.rto.onRoundTrip(nowNanos - timedNanos);
      timedTsn = NONE;
    }
  }

  long deadlineNanos() {
    return t3.deadlineNanos();
  }

  void handleTimeout(long nowNanos) {
    if (!t3.expire(nowNanos)) {
      return;
    }
    block.rto.backOff();
    block.countError();
    congestion.onTimeout();
    timedTsn = NONE;
    owesFastRepeat = false;
    sent.loseAll(nowNanos, isPartial);
    forwardedTsn = sent.cumulativeTsn(); // the FORWARD-TSN may have been lost too
    if (!sent.isEmpty()) {
      t3.startAgain(nowNanos, block.rto.rtoNanos());
    }
  }

  /** Sends what the windows allow, repetitions first. */
  void transmit(long nowNanos) {
    if (sent == null || !block.state.sendsData()) {
      return;
    }
    giveUpExpired(nowNanos);
    forward(nowNanos);
    long burstBytes = (long) MAX_BURST_PACKETS * writer.maxDataBytes();
    if (!sent.hasLost() && !queue.isEmpty()) {
      congestion.beforeSending(nowNanos, block.rto.rtoNanos());
    }
    while (burstBytes > 0) {
      int bytes = sent.hasLost() ? repeatOne(nowNanos) : sendOne(nowNanos);
      if (bytes == 0) {
        break;
      }
      burstBytes -= bytes;
    }
    if (!sent.isEmpty() && !t3.isRunning()) {
      t3.start(nowNanos, block.rto.rtoNanos());
    }
  }

  private void giveUpExpired(long nowNanos) {
    OutboundMessage message;
    while ((message = queue.peek()) != null && (message.isAbandoned() || mayGiveUp(message, nowNanos))) {
      if (!message.isAbandoned()) {
        giveUp(message);
      }
      queue.remove(message);
    }
  }

  private boolean mayGiveUp(OutboundMessage message, long nowNanos) {
    return message.isExpired(nowNanos) && (isPartial || !message.isBegun());
  }

  private void giveUp(OutboundMessage message) {
    if (message.isBegun()) {
      sent.abandon(message);
    } else {
      block.counters.abandonedMessages++;
      buffer.settleAll(message);
    }
  }

  /** Tells the peer what it need not wait for, when that is news, and then once in a round trip. */
  private void forward(long nowNanos) {
    long advancedTsn = isPartial ? sent.advance() : sent.cumulativeTsn();
    if (advancedTsn == sent.cumulativeTsn()) {
      return;
    }
    boolean isNews = advancedTsn > forwardedTsn;
    if (isNews || nowNanos - forwardedNanos >= Math.max(block.rto.smoothedNanos(), 1)) {
      forwardedTsn = advancedTsn;
      forwardedNanos = nowNanos;
      writer.writeForwardTsn(sent, advancedTsn);
    }
  }

  /** Sends the first lost chunk again; returns its bytes, 0 if it may not go now. */
  private int repeatOne(long nowNanos) {
    long tsn = sent.firstLost();
    OutboundChunk chunk = sent.at(tsn);
    boolean isFirst = tsn == sent.cumulativeTsn() + 1;
    if (!owesFastRepeat && !mayFly(chunk.bytes)) {
      return 0;
    }
    owesFastRepeat = false;
    if (tsn == timedTsn) {
      timedTsn = NONE; // Karn's rule
    }
    sent.repeat(chunk);
    write(tsn, chunk);
    block.counters.retransmittedDataChunks++;
    if (isFirst) {
      t3.startAgain(nowNanos, block.rto.rtoNanos());
    }
    return chunk.bytes;
  }

  private int sendOne(long nowNanos) {
    giveUpExpired(nowNanos);
    OutboundMessage message = queue.peek();
    if (message == null || sent.isFull()) {
      return 0;
    }
    int bytes = fragmentBytes(message.untakenBytes());
    if (!mayFly(bytes)) {
      return 0;
    }
    OutboundChunk chunk = queue.take(bytes);
    long tsn = sent.add(chunk);
    if (timedTsn == NONE) {
      timedTsn = tsn;
      timedNanos = nowNanos;
    }
    write(tsn, chunk);
    return chunk.bytes;
  }

  /** Whole if a packet can hold it; else what fills the packet begun, unless that is a mere splinter. */
  private int fragmentBytes(int untakenBytes) {
    int max = writer.maxDataBytes();
    if (untakenBytes <= max) {
      return untakenBytes;
    }
    int left = writer.dataBytesLeft();
    return left >= max / 4 ? left : max;
  }

  /** RFC 9260 §6.1, A and B: one chunk may always be under way, to find out when a closed window opens. */
  private boolean mayFly(int bytes) {
    long flightBytes = sent.flightBytes();
    return flightBytes == 0
        || flightBytes < congestion.bytes() && flightBytes + bytes <= peerWindowBytes;
  }

  private void write(long tsn, OutboundChunk chunk) {
    writer.write(tsn, chunk);
    block.counters.sentDataChunks++;
  }
}
