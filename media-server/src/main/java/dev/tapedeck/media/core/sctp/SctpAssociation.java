package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * One SCTP association over DTLS and its data channels (RFC 9260, 8261, 8831), as the worker drives it: packets, calls and
 * time in, packets and events out. Owned by one thread. Nothing the peer sends makes it throw; what cannot be used is
 * dropped and counted, and what breaks the protocol ends the association.
 *
 * <p>Every method that takes a {@link SctpOutput} may send packets and tell events before it returns. After {@link
 * SctpEvent.Closed} all methods do nothing.
 */
public final class SctpAssociation {
  /** Answer of {@link #nextTimeoutNanos} when there is nothing to wait for. */
  public static final long NEVER = RetryTimer.NEVER;

  private final ControlBlock block;
  private final Handshake handshake;
  private final DataSender sender;
  private final DataReceiver receiver;
  private final StreamResets resets;
  private final DataChannels channels;
  private final Heartbeats heartbeats;
  private final Teardown teardown;
  private final Tlv chunk = new Tlv();
  private final Tlv causes = new Tlv();

  /** @param random for tags, initial TSNs and the key of cookies: unpredictable in production, seeded in tests */
  public SctpAssociation(SctpConfig config, RandomGenerator random) {
    this(config, random, new SctpCounters());
  }

  /** @param counters may be shared with other associations of the thread */
  public SctpAssociation(SctpConfig config, RandomGenerator random, SctpCounters counters) {
    block = new ControlBlock(config, random, counters);
    handshake = new Handshake(block);
    sender = new DataSender(block);
    receiver = new DataReceiver(block);
    resets = new StreamResets(block);
    channels = new DataChannels(block, sender, resets);
    heartbeats = new Heartbeats(block);
    teardown = new Teardown(block);
  }

  /** Sends INIT. The peer may do so too, at the same time; a side that only waits need not call this. */
  public void connect(long nowNanos, SctpOutput out) {
    if (begin(out)) {
      handshake.connect(nowNanos);
      endTurn(nowNanos);
    }
  }

  /**
   * Opens a channel by DCEP, also before the association is up. Messages may be sent at once; {@link
   * SctpEvent.ChannelOpened} tells when the peer has agreed.
   *
   * @return the channel's id, or empty if all of ours are in use or the limit is reached
   */
  public OptionalInt open(long nowNanos, ChannelParameters parameters, SctpOutput out) {
    if (!begin(out)) {
      return OptionalInt.empty();
    }
    OptionalInt id = channels.open(nowNanos, parameters);
    endTurn(nowNanos);
    return id;
  }

  /**
   * Adds a channel both sides know of without SCTP ({@code negotiated: true}), also before the association is up.
   *
   * @return false if the id is taken, or beyond the streams there are
   */
  public boolean openNegotiated(long nowNanos, int channelId, ChannelParameters parameters, SctpOutput out) {
    return begin(out) && channels.addNegotiated(channelId, parameters);
  }

  /**
   * Queues a message and sends what may leave now.
   *
   * @param isBinary false for a string, given as UTF-8
   * @param data     any length, none included; not to be changed afterwards
   */
  public SendResult send(long nowNanos, int channelId, boolean isBinary, byte[] data, SctpOutput out) {
    if (!begin(out) || isGoing()) {
      return SendResult.NOT_OPEN;
    }
    SendResult result = channels.send(nowNanos, channelId, isBinary, data);
    endTurn(nowNanos);
    return result;
  }

  /** Whether one side has said goodbye, after which nothing new is taken (RFC 9260 §9.2). */
  private boolean isGoing() {
    return block.state.isEstablished() && block.state != AssociationState.ESTABLISHED;
  }

  /** Closes a channel once all it has queued is delivered; {@link SctpEvent.ChannelClosed} follows. */
  public void close(long nowNanos, int channelId, SctpOutput out) {
    if (begin(out)) {
      channels.close(channelId);
      endTurn(nowNanos);
    }
  }

  /** Ends the association once everything queued is delivered. */
  public void shutdown(long nowNanos, SctpOutput out) {
    if (begin(out)) {
      teardown.shutdown(nowNanos);
      endTurn(nowNanos);
    }
  }

  /** Ends the association at once; what is queued is lost. */
  public void abort(String why, SctpOutput out) {
    if (begin(out)) {
      block.abort(SctpCloseReason.ABORTED_BY_US, CauseCode.USER_INITIATED, why);
    }
  }

  /** User data a channel has queued or in flight: counted until the peer acknowledges it, 0 for no such channel. */
  public long bufferedBytes(int channelId) {
    return sender.bufferedBytes(channelId);
  }

  /** Whether messages may flow. */
  public boolean isUp() {
    return block.state == AssociationState.ESTABLISHED;
  }

  public boolean isClosed() {
    return block.isOver();
  }

  public SctpCounters counters() {
    return block.counters;
  }

  /** What unfinished messages of the peer hold, each fragment with {@link SctpLimits#OVERHEAD_BYTES}. */
  public long receiveBufferBytes() {
    return receiver.heldBytes();
  }

  /** When {@link #handleTimeout} has something to do, or {@link #NEVER}. */
  public long nextTimeoutNanos() {
    if (block.isOver()) {
      return NEVER;
    }
    long next = Math.min(handshake.deadlineNanos(), sender.deadlineNanos());
    next = Math.min(next, Math.min(receiver.deadlineNanos(), resets.deadlineNanos()));
    return Math.min(next, Math.min(heartbeats.deadlineNanos(), teardown.deadlineNanos()));
  }

  /** Does what is due; calling it too early does no harm. */
  public void handleTimeout(long nowNanos, SctpOutput out) {
    if (!begin(out)) {
      return;
    }
    handshake.handleTimeout(nowNanos);
    if (block.state.isEstablished()) {
      sender.handleTimeout(nowNanos);
      receiver.handleTimeout(nowNanos);
      resets.handleTimeout(nowNanos);
      heartbeats.handleTimeout(nowNanos, sender.isDrained());
      teardown.handleTimeout(nowNanos, receiver.cumulativeTsn());
    }
    endTurn(nowNanos);
  }

  /**
   * Takes one SCTP packet as DTLS delivered it.
   *
   * @param memory not kept
   */
  public void handlePacket(long nowNanos, MemorySegment memory, long offset, int length, SctpOutput out) {
    block.outbox.into(out);
    block.counters.receivedPackets++;
    if (!isForUs(memory, offset, length)) {
      return;
    }
    int tag = Bytes.i32(memory, offset + 4);
    chunk.over(memory, offset + Outbox.COMMON_HEADER_BYTES, length - Outbox.COMMON_HEADER_BYTES);
    if (block.isOver()) {
      answerAfterwards(tag);
      return;
    }
    boolean goesOn = true;
    while (goesOn && !block.isOver() && chunk.next()) {
      goesOn = handleChunk(nowNanos, tag);
      deliver(nowNanos); // a chunk behind may reset the stream
    }
    if (!chunk.isWellFormed()) {
      block.drop(SctpDropReason.MALFORMED);
    }
    if (!block.isOver()) {
      receiver.endPacket(nowNanos);
      endTurn(nowNanos);
    }
  }

  private boolean isForUs(MemorySegment memory, long offset, int length) {
    if (length < Outbox.COMMON_HEADER_BYTES + Tlv.HEADER_BYTES) {
      block.drop(SctpDropReason.MALFORMED);
      return false;
    }
    if (!block.checksum.isRight(memory, offset, length)) {
      block.drop(SctpDropReason.BAD_CHECKSUM);
      return false;
    }
    if (Bytes.u16(memory, offset) != block.config.peerPort()
        || Bytes.u16(memory, offset + 2) != block.config.localPort()) {
      block.drop(SctpDropReason.WRONG_PORT);
      return false;
    }
    return true;
  }

  private void answerAfterwards(int tag) {
    if (chunk.next() && chunk.chunkType() == ChunkType.SHUTDOWN_ACK) {
      teardown.completeReflected(tag);
    }
  }

  /** Returns false if the rest of the packet is not to be looked at. */
  private boolean handleChunk(long nowNanos, int tag) {
    if (!isTagRight(tag)) {
      block.drop(SctpDropReason.WRONG_TAG);
      return false;
    }
    switch (chunk.chunkType()) {
      case ChunkType.INIT -> handshake.onInit(nowNanos, chunk);
      case ChunkType.INIT_ACK -> handshake.onInitAck(nowNanos, chunk);
      case ChunkType.COOKIE_ECHO -> {
        return goesOn(nowNanos, handshake.onCookieEcho(nowNanos, chunk, tag), tag);
      }
      case ChunkType.COOKIE_ACK -> goesOn(nowNanos, handshake.onCookieAck(), tag);
      case ChunkType.ABORT -> block.close(SctpCloseReason.ABORTED_BY_PEER, causeText());
      case ChunkType.ERROR -> onError(nowNanos);
      case ChunkType.SHUTDOWN -> teardown.onShutdown(nowNanos, chunk, sender);
      case ChunkType.SHUTDOWN_ACK -> teardown.onShutdownAck(tag);
      case ChunkType.SHUTDOWN_COMPLETE -> teardown.onShutdownComplete();
      default -> {
        return handleLater(nowNanos);
      }
    }
    return true;
  }

  /** RFC 9260 §8.5.1. */
  private boolean isTagRight(int tag) {
    boolean isOurs = tag == block.local.tag();
    return switch (chunk.chunkType()) {
      case ChunkType.INIT -> tag == 0 && chunk.isLast();
      case ChunkType.COOKIE_ECHO -> true; // the cookie says which
      case ChunkType.SHUTDOWN_ACK -> isOurs || !block.state.isEstablished();
      case ChunkType.ABORT, ChunkType.SHUTDOWN_COMPLETE -> chunk.hasFlag(ChunkType.FLAG_REFLECTED)
          ? block.peer != null && tag == block.peer.tag()
          : isOurs;
      default -> isOurs;
    };
  }

  /** What follows a cookie in its packet is for the association there is now. */
  private boolean goesOn(long nowNanos, Handshake.Outcome outcome, int tag) {
    switch (outcome) {
      case NOTHING -> {}
      case ESTABLISHED -> onEstablished(nowNanos);
      case RESTARTED -> onRestarted(nowNanos);
    }
    return tag == block.local.tag();
  }

  private void onEstablished(long nowNanos) {
    sender.start();
    receiver.start();
    resets.start();
    heartbeats.start(nowNanos);
    block.outbox.event(new SctpEvent.Up());
    channels.onUp();
  }

  private void onRestarted(long nowNanos) {
    sender.restart();
    receiver.start();
    resets.start();
    heartbeats.start(nowNanos);
    channels.onRestart();
    block.outbox.event(new SctpEvent.Restarted());
  }

  /** Chunks that have a meaning only once both sides know each other. */
  private boolean handleLater(long nowNanos) {
    if (!block.state.isEstablished()) {
      block.drop(SctpDropReason.UNEXPECTED);
      return true;
    }
    boolean isInterleaving = block.both(Endpoint.INTERLEAVING);
    int type = chunk.chunkType();
    switch (type) {
      case ChunkType.DATA, ChunkType.I_DATA -> {
        if (type == ChunkType.I_DATA && !isInterleaving) {
          return onUnknown();
        }
        onData(nowNanos, type == ChunkType.DATA && isInterleaving);
      }
      case ChunkType.SACK -> sender.onSack(nowNanos, chunk);
      case ChunkType.HEARTBEAT -> heartbeats.onHeartbeat(chunk);
      case ChunkType.HEARTBEAT_ACK -> heartbeats.onHeartbeatAck(nowNanos, chunk);
      case ChunkType.RE_CONFIG -> resets.onReconfig(nowNanos, chunk, receiver);
      case ChunkType.FORWARD_TSN, ChunkType.I_FORWARD_TSN -> receiver.onForwardTsn(chunk);
      default -> {
        return onUnknown();
      }
    }
    return true;
  }

  private void onData(long nowNanos, boolean isWrongForm) {
    if (isWrongForm) {
      block.abortViolation("DATA although I-DATA was agreed"); // RFC 8260 §2.2.1
    } else if (!block.state.takesData()) {
      block.drop(SctpDropReason.UNEXPECTED);
    } else {
      receiver.onData(chunk);
      teardown.onDataAfterShutdown(nowNanos, receiver.cumulativeTsn());
    }
  }

  private boolean onUnknown() {
    block.drop(SctpDropReason.UNKNOWN_CHUNK);
    int type = chunk.chunkType();
    if (ChunkType.isReportedWhenUnknown(type)) {
      byte[] whole = chunk.memory().asSlice(chunk.at(), chunk.length()).toArray(Bytes.BYTE);
      block.reportError(CauseCode.UNRECOGNIZED_CHUNK, whole);
    }
    return !ChunkType.stopsWhenUnknown(type);
  }

  private void onError(long nowNanos) {
    causes.over(chunk.memory(), chunk.valueAt(), chunk.valueBytes());
    while (causes.next()) {
      if (causes.parameterType() == CauseCode.STALE_COOKIE) {
        handshake.onStaleCookie(nowNanos);
      }
    }
  }

  private String causeText() {
    StringBuilder text = new StringBuilder();
    causes.over(chunk.memory(), chunk.valueAt(), chunk.valueBytes());
    while (causes.next() && text.length() < 100) {
      text.append(text.isEmpty() ? "" : ", ").append(CauseCode.nameOf(causes.parameterType()));
    }
    return text.toString();
  }

  private void deliver(long nowNanos) {
    InboundMessage message;
    while (!block.isOver() && (message = receiver.poll()) != null) {
      channels.onMessage(nowNanos, message);
    }
  }

  private boolean begin(SctpOutput out) {
    block.outbox.into(out);
    return !block.isOver();
  }

  /** Sends and tells what has become possible. */
  private void endTurn(long nowNanos) {
    if (block.isOver()) {
      return;
    }
    channels.proceed();
    if (block.state.isEstablished()) {
      resets.transmit(nowNanos, sender.lastTsn());
      if (receiver.owesSack() && sender.mayTransmit()) {
        receiver.sendSack();
      }
      sender.transmit(nowNanos);
      teardown.proceed(nowNanos, sender.isDrained(), receiver.cumulativeTsn());
    }
    channels.tellLow();
    block.outbox.flush();
  }
}
