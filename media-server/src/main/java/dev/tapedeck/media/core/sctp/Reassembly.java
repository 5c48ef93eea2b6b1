package dev.tapedeck.media.core.sctp;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** All streams of the peer, and the memory their unfinished messages hold. */
final class Reassembly {
  /** What became of a fragment. */
  enum Result {
    TAKEN,
    /** Of a message that was delivered or skipped before. */
    STALE,
    /** It contradicts other fragments of its message. */
    VIOLATION,
    /** Its message is longer than we said we take. */
    TOO_LARGE
  }

  private final Map<Integer, InboundStream> streams = new HashMap<>();
  private final ArrayDeque<InboundMessage> complete = new ArrayDeque<>();
  private final int maxMessageBytes;
  private long heldBytes;

  Reassembly(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  Result add(Fragment fragment) {
    InboundStream stream = stream(fragment.streamId());
    heldBytes -= stream.heldBytes();
    Result result = stream.add(fragment);
    heldBytes += stream.heldBytes();
    return result;
  }

  /** @param isOrdered always so without interleaving: unordered DATA is skipped by TSN */
  void skip(int streamId, int wireNumber, boolean isOrdered, boolean isInterleaved) {
    InboundStream stream = stream(streamId);
    heldBytes -= stream.heldBytes();
    if (isOrdered) {
      stream.skipOrdered(wireNumber, isInterleaved);
    } else {
      stream.skipUnordered(wireNumber);
    }
    heldBytes += stream.heldBytes();
  }

  void skipUnorderedTo(long tsn) {
    heldBytes = 0;
    for (InboundStream stream : streams.values()) {
      stream.skipUnorderedTo(tsn);
      heldBytes += stream.heldBytes();
    }
  }

  /** The peer has reset the stream: numbers begin anew, and what is not complete never will be. */
  void reset(int streamId) {
    InboundStream stream = streams.remove(streamId);
    if (stream != null) {
      heldBytes -= stream.heldBytes();
    }
  }

  void resetAll() {
    streams.clear();
    heldBytes = 0;
  }

  private InboundStream stream(int id) {
    return streams.computeIfAbsent(id, _ -> new InboundStream(complete, maxMessageBytes));
  }

  /** The next whole message in the order they became deliverable, or null. */
  InboundMessage poll() {
    return complete.poll();
  }

  /** Fragments and messages that wait, each with {@link SctpLimits#OVERHEAD_BYTES}. */
  long heldBytes() {
    return heldBytes;
  }
}
