package dev.tapedeck.media.core.sctp;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages not yet sent. Streams take turns: message by message, or, when the peer knows I-DATA, fragment by fragment, so
 * that a large message does not hold up small ones (RFC 8260 §3.2).
 */
final class SendQueue {
  private final Map<Integer, OutboundStream> streams = new HashMap<>();
  private final ArrayDeque<OutboundStream> ready = new ArrayDeque<>();
  private boolean isInterleaving;

  void setInterleaving(boolean isInterleaving) {
    this.isInterleaving = isInterleaving;
  }

  OutboundStream stream(int id) {
    return streams.computeIfAbsent(id, OutboundStream::new);
  }

  /** User data queued or in flight, 0 for a stream never used. */
  long bufferedBytes(int id) {
    OutboundStream stream = streams.get(id);
    return stream == null ? 0 : stream.bufferedBytes;
  }

  void add(OutboundMessage message) {
    OutboundStream stream = message.stream;
    stream.messages.add(message);
    if (!stream.isReady) {
      stream.isReady = true;
      ready.add(stream);
    }
  }

  /** The message the next fragment comes from, or null. */
  OutboundMessage peek() {
    return ready.isEmpty() ? null : ready.peek().messages.peek();
  }

  /** Cuts the next fragment from {@link #peek}. */
  OutboundChunk take(int maxBytes) {
    OutboundMessage message = peek();
    OutboundChunk chunk = message.take(maxBytes);
    if (message.untakenBytes() == 0) {
      message.stream.messages.remove();
      endTurn();
    } else if (isInterleaving) {
      endTurn();
    }
    return chunk;
  }

  private void endTurn() {
    OutboundStream stream = ready.remove();
    stream.isReady = !stream.messages.isEmpty();
    if (stream.isReady) {
      ready.add(stream);
    }
  }

  /** Forgets what is left of a message that was given up. */
  void remove(OutboundMessage message) {
    OutboundStream stream = message.stream;
    if (stream.messages.remove(message) && stream.messages.isEmpty()) {
      stream.isReady = false;
      ready.remove(stream);
    }
  }

  boolean isEmpty() {
    return ready.isEmpty();
  }

  /** Forgets a stream whose two directions are reset, and with it its numbers. */
  void forget(int id) {
    streams.remove(id);
  }

  /** Forgets all messages and all numbers: the peer has restarted. */
  void clear() {
    streams.clear();
    ready.clear();
  }
}
