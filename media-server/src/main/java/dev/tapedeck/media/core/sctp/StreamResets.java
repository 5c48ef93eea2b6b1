package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;

/**
 * Resetting streams (RFC 6525), which is how a data channel is closed (RFC 8831 §6.7): each side resets the streams it
 * sends on. One request of ours is under way at a time; what is asked for meanwhile waits for the next.
 *
 * <pre>
 * Outgoing SSN Reset Request, 13              Re-configuration Response, 16
 * |  re-configuration request sequence no. |  |  sequence no. of the request answered  |
 * |  sequence no. of a request answered    |  |                 result                 |
 * |  sender's last assigned TSN            |
 * |  stream number    |  stream number ... |
 * </pre>
 */
final class StreamResets {
  /** Stands for a reset that names no stream (RFC 6525 §5.2.2). */
  static final int ALL_STREAMS = -1;

  private static final int NOTHING_TO_DO = 0;
  private static final int PERFORMED = 1;
  private static final int DENIED = 2;
  private static final int BAD_SEQUENCE_NUMBER = 5;
  private static final int IN_PROGRESS = 6;

  private static final int REQUEST_BYTES = 12;
  private static final int RESPONSE_BYTES = 8;

  private final ControlBlock block;
  private final RetryTimer timer = new RetryTimer();
  private final Tlv parameters = new Tlv();

  /** Each stream once, so never more than there are streams. */
  private final LinkedHashSet<Integer> waiting = new LinkedHashSet<>();

  private final List<Integer> requested = new ArrayList<>();
  private final ArrayDeque<Integer> resetByUs = new ArrayDeque<>();
  private final ArrayDeque<Integer> resetByPeer = new ArrayDeque<>();
  private int requestNumber;
  private int requestLastTsn;
  private int expectedNumber;
  private int lastResult;
  private int peerStreams;

  StreamResets(ControlBlock block) {
    this.block = block;
  }

  /** The association is established, perhaps anew. */
  void start() {
    requestNumber = block.local.initialTsn();
    expectedNumber = block.peer.initialTsn();
    lastResult = NOTHING_TO_DO;
    peerStreams = Math.min(block.peer.outboundStreams(), block.local.inboundStreams());
    waiting.clear();
    requested.clear();
    timer.stop();
  }

  /** Asks for a reset of a stream we send on; nothing may be queued or in flight on it. */
  void request(int streamId) {
    waiting.add(streamId);
  }

  /** Sends the next request if it is time for it. */
  void transmit(long nowNanos, int lastTsn) {
    if (!requested.isEmpty() || waiting.isEmpty()) {
      return;
    }
    int most = (block.outbox.maxValueBytes() - Tlv.HEADER_BYTES - REQUEST_BYTES) / 2;
    while (!waiting.isEmpty() && requested.size() < most) {
      requested.add(waiting.removeFirst());
    }
    requestLastTsn = lastTsn;
    sendRequest();
    timer.start(nowNanos, block.rto.rtoNanos());
  }

  private void sendRequest() {
    int bytes = REQUEST_BYTES + 2 * requested.size();
    int at = block.outbox.begin(ChunkType.RE_CONFIG, 0, Tlv.HEADER_BYTES + bytes);
    at = block.outbox.parameter(at, ParameterType.OUTGOING_RESET, bytes);
    Bytes.put32(block.outbox.memory(), at, requestNumber);
    Bytes.put32(block.outbox.memory(), at + 4, expectedNumber - 1);
    Bytes.put32(block.outbox.memory(), at + 8, requestLastTsn);
    for (int i = 0; i < requested.size(); i++) {
      Bytes.put16(block.outbox.memory(), at + REQUEST_BYTES + 2L * i, requested.get(i));
    }
  }

  long deadlineNanos() {
    return timer.deadlineNanos();
  }

  void handleTimeout(long nowNanos) {
    if (timer.expire(nowNanos)) {
      block.rto.backOff();
      block.countError();
      sendRequest();
      timer.startAgain(nowNanos, block.rto.rtoNanos());
    }
  }

  /** Takes a RE-CONFIG chunk. */
  void onReconfig(long nowNanos, Tlv chunk, DataReceiver receiver) {
    parameters.over(chunk.memory(), chunk.valueAt(), chunk.valueBytes());
    while (parameters.next()) {
      onParameter(nowNanos, receiver);
    }
    if (!parameters.isWellFormed()) {
      block.drop(SctpDropReason.MALFORMED);
    }
  }

  private void onParameter(long nowNanos, DataReceiver receiver) {
    int type = parameters.parameterType();
    int leastBytes = switch (type) {
      case ParameterType.OUTGOING_RESET -> REQUEST_BYTES;
      case ParameterType.RECONFIG_RESPONSE, ParameterType.ADD_OUTGOING_STREAMS -> RESPONSE_BYTES;
      default -> 4;
    };
    if (parameters.valueBytes() < leastBytes) {
      block.drop(SctpDropReason.MALFORMED);
      return;
    }
    switch (type) {
      case ParameterType.RECONFIG_RESPONSE -> onResponse(nowNanos);
      case ParameterType.OUTGOING_RESET, ParameterType.INCOMING_RESET, ParameterType.ASSOCIATION_RESET,
          ParameterType.ADD_OUTGOING_STREAMS, ParameterType.ADD_INCOMING_STREAMS -> onRequest(type, receiver);
      default -> block.drop(SctpDropReason.UNEXPECTED);
    }
  }

  private void onRequest(int type, DataReceiver receiver) {
    int number = parameters.value32(0);
    int behind = expectedNumber - number;
    boolean isNew = behind == 0;
    boolean isRepeat = behind == 1;
    if (!isNew && !isRepeat) {
      respond(number, BAD_SEQUENCE_NUMBER);
      return;
    }
    // A repeated request is answered as before, unless then it was too early for it (RFC 6525 §5.2.1).
    if (isNew || lastResult == IN_PROGRESS) {
      lastResult = perform(type, receiver);
    }
    if (isNew) {
      expectedNumber++;
    }
    respond(number, lastResult);
  }

  private int perform(int type, DataReceiver receiver) {
    return switch (type) {
      case ParameterType.OUTGOING_RESET -> resetIncoming(receiver);
      case ParameterType.ADD_OUTGOING_STREAMS -> addStreams(parameters.value16(4));
      default -> DENIED; // of no use to data channels (RFC 8831 §6.2)
    };
  }

  private int resetIncoming(DataReceiver receiver) {
    if (!receiver.hasAllUpTo(parameters.value32(8))) {
      return IN_PROGRESS;
    }
    int streams = (parameters.valueBytes() - REQUEST_BYTES) / 2;
    if (streams == 0) {
      receiver.resetAllStreams();
      resetByPeer.add(ALL_STREAMS);
    }
    for (int i = 0; i < streams; i++) {
      int streamId = parameters.value16(REQUEST_BYTES + 2 * i);
      receiver.resetStream(streamId);
      resetByPeer.add(streamId);
    }
    return PERFORMED;
  }

  /** Streams of the peer cost nothing until used, so all within our limit are granted. */
  private int addStreams(int count) {
    if (peerStreams + count > block.local.inboundStreams()) {
      return DENIED;
    }
    peerStreams += count;
    return PERFORMED;
  }

  private void respond(int number, int result) {
    int at = block.outbox.begin(ChunkType.RE_CONFIG, 0, Tlv.HEADER_BYTES + RESPONSE_BYTES);
    at = block.outbox.parameter(at, ParameterType.RECONFIG_RESPONSE, RESPONSE_BYTES);
    Bytes.put32(block.outbox.memory(), at, number);
    Bytes.put32(block.outbox.memory(), at + 4, result);
  }

  private void onResponse(long nowNanos) {
    if (requested.isEmpty() || parameters.value32(0) != requestNumber) {
      return; // to an earlier request, once more
    }
    block.clearErrors();
    if (parameters.value32(4) == IN_PROGRESS) {
      timer.start(nowNanos, block.rto.rtoNanos());
      return;
    }
    // A refusal ends it as well: the channel is closed here, and nothing would come of asking again.
    timer.stop();
    requestNumber++;
    resetByUs.addAll(requested);
    requested.clear();
  }

  /** Streams we send on that are reset; to be emptied by the caller. */
  Queue<Integer> resetByUs() {
    return resetByUs;
  }

  /** Streams the peer has reset, where it sends, or {@link #ALL_STREAMS}; to be emptied by the caller. */
  Queue<Integer> resetByPeer() {
    return resetByPeer;
  }
}
