package dev.tapedeck.media.core.sctp;

import dev.tapedeck.media.core.sctp.OutboundChunk.State;
import dev.tapedeck.protocol.rtp.Bytes;
import java.util.Arrays;

/**
 * Chunks sent and not yet acknowledged up to the cumulative TSN: which of them arrived, are lost, or were given up (RFC
 * 9260 §6.2.1 and 7.2.4, RFC 3758 §3.5).
 */
final class RetransmissionQueue {
  /** Chunks, whatever windows say. */
  private static final int MAX_CHUNKS = 1 << 14;

  /** Misses after which a chunk counts as lost. */
  private static final int MISSES_UNTIL_LOST = 3;

  private static final int GAPS_AT = 12;
  private static final int GAP_BYTES = 4;

  private final SendBuffer buffer;
  private final SctpCounters counters;

  /** By TSN, modulo its length, which is a power of two. */
  private OutboundChunk[] ring = new OutboundChunk[32];

  private long cumulativeTsn;
  private long nextTsn;
  private long advancedTsn;
  private long flightBytes;
  private int lostChunks;
  private int sackNumber;

  // What the last acknowledgement did.
  private long ackedBytes;
  private boolean isAdvanced;
  private boolean hasLoss;

  RetransmissionQueue(long firstTsn, SendBuffer buffer, SctpCounters counters) {
    this.buffer = buffer;
    this.counters = counters;
    cumulativeTsn = firstTsn - 1;
    advancedTsn = cumulativeTsn;
    nextTsn = firstTsn;
  }

  boolean isFull() {
    return nextTsn - cumulativeTsn > MAX_CHUNKS;
  }

  /** Takes a chunk on its first transmission; returns its TSN. */
  long add(OutboundChunk chunk) {
    chunk.transmissions = 1;
    flightBytes += chunk.bytes;
    return put(chunk);
  }

  private long put(OutboundChunk chunk) {
    if (nextTsn - cumulativeTsn > ring.length) {
      grow();
    }
    ring[(int) nextTsn & ring.length - 1] = chunk;
    return nextTsn++;
  }

  private void grow() {
    OutboundChunk[] larger = new OutboundChunk[2 * ring.length];
    for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
      larger[(int) tsn & larger.length - 1] = at(tsn);
    }
    ring = larger;
  }

  /** The chunk of a TSN between {@link #cumulativeTsn} and {@link #nextTsn}, both excluded. */
  OutboundChunk at(long tsn) {
    return ring[(int) tsn & ring.length - 1];
  }

  /**
   * Takes an acknowledgement up to a TSN, without gaps.
   *
   * @return false if it acknowledges what was never sent, or is older than one seen
   */
  boolean acknowledge(int wireTsn) {
    ackedBytes = 0;
    hasLoss = false;
    isAdvanced = false;
    long tsn = SerialNumbers.unwrap32(cumulativeTsn, wireTsn);
    if (tsn >= nextTsn || tsn < cumulativeTsn) {
      return false;
    }
    while (cumulativeTsn < tsn) {
      int index = (int) (cumulativeTsn + 1) & ring.length - 1;
      noteAcked(ring[index]);
      buffer.settle(ring[index].message, ring[index].bytes); // not before: a gap block may be taken back
      ring[index] = null;
      cumulativeTsn++;
      isAdvanced = true;
    }
    return true;
  }

  /**
   * Takes a whole SACK whose lengths were checked.
   *
   * @param isInFastRecovery whether every SACK that moves on counts as a miss (RFC 9260 §7.2.4)
   */
  boolean acknowledge(Tlv sack, int gaps, long nowNanos, boolean isPartial, boolean isInFastRecovery) {
    if (!acknowledge(sack.value32(0))) {
      return false;
    }
    sackNumber++;
    long highestNew = isAdvanced ? cumulativeTsn : 0;
    long highest = cumulativeTsn;
    for (int gap = 0; gap < gaps; gap++) {
      long at = sack.valueAt() + GAPS_AT + gap * GAP_BYTES;
      long from = cumulativeTsn + Bytes.u16(sack.memory(), at);
      long to = cumulativeTsn + Bytes.u16(sack.memory(), at + 2);
      if (from <= highest || to < from || to >= nextTsn) {
        break; // blocks out of order, or of what was never sent: the rest is not believed
      }
      for (long tsn = from; tsn <= to; tsn++) {
        highestNew = cover(at(tsn)) ? tsn : highestNew;
      }
      highest = to;
    }
    noteMisses(isInFastRecovery && isAdvanced ? highest : highestNew, nowNanos, isPartial);
    return true;
  }

  /** Notes that a gap block covers the chunk; true if that is news. */
  private boolean cover(OutboundChunk chunk) {
    chunk.coveredBySack = sackNumber;
    if (chunk.state == State.ACKED || chunk.state == State.ABANDONED) {
      return false;
    }
    noteAcked(chunk);
    chunk.state = State.ACKED;
    return true;
  }

  private void noteAcked(OutboundChunk chunk) {
    if (chunk.state == State.IN_FLIGHT || chunk.state == State.LOST) {
      ackedBytes += chunk.bytes;
      leave(chunk);
    }
  }

  /** Takes the chunk out of what is in flight or lost. */
  private void leave(OutboundChunk chunk) {
    if (chunk.state == State.IN_FLIGHT) {
      flightBytes -= chunk.bytes;
    } else if (chunk.state == State.LOST) {
      lostChunks--;
    }
  }

  private void noteMisses(long below, long nowNanos, boolean isPartial) {
    for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
      OutboundChunk chunk = at(tsn);
      if (chunk.state == State.ACKED && chunk.coveredBySack != sackNumber) {
        chunk.state = State.IN_FLIGHT; // the peer took it back (RFC 9260 §6.2.1, iv)
        flightBytes += chunk.bytes;
      }
      if (chunk.state == State.IN_FLIGHT && tsn < below && !chunk.wasRepeatedFast
          && ++chunk.misses >= MISSES_UNTIL_LOST) {
        chunk.wasRepeatedFast = true;
        hasLoss = true;
        lose(chunk, nowNanos, isPartial);
      }
    }
  }

  private void lose(OutboundChunk chunk, long nowNanos, boolean isPartial) {
    if (isPartial && !chunk.message.mayRepeat(nowNanos, chunk.transmissions)) {
      abandon(chunk.message);
      return;
    }
    leave(chunk);
    chunk.state = State.LOST;
    lostChunks++;
  }

  /** T3-rtx ran out: whatever is in flight is lost (RFC 9260 §6.3.3). */
  void loseAll(long nowNanos, boolean isPartial) {
    for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
      OutboundChunk chunk = at(tsn);
      chunk.misses = 0;
      chunk.wasRepeatedFast = false;
      if (chunk.state == State.IN_FLIGHT) {
        lose(chunk, nowNanos, isPartial);
      }
    }
  }

  /**
   * Gives a message up. If part of it was never sent, its end takes a TSN that is never sent either: else a peer that has
   * all fragments sent so far would wait for the rest for ever.
   */
  void abandon(OutboundMessage message) {
    message.abandon();
    counters.abandonedMessages++;
    for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
      OutboundChunk chunk = at(tsn);
      if (chunk.message == message) {
        leave(chunk);
        chunk.state = State.ABANDONED;
      }
    }
    int unsentBytes = message.untakenBytes();
    if (unsentBytes > 0) {
      OutboundChunk end = message.take(unsentBytes);
      end.state = State.ABANDONED;
      put(end);
    }
    buffer.settleAll(message);
  }

  boolean hasLost() {
    return lostChunks > 0;
  }

  /** TSN of the first chunk to be sent again; only when {@link #hasLost}. */
  long firstLost() {
    long tsn = cumulativeTsn + 1;
    while (at(tsn).state != State.LOST) {
      tsn++;
    }
    return tsn;
  }

  /** The chunk is sent once more. */
  void repeat(OutboundChunk chunk) {
    leave(chunk);
    chunk.state = State.IN_FLIGHT;
    chunk.misses = 0;
    chunk.transmissions++;
    flightBytes += chunk.bytes;
  }

  /** Whether the peer has what was sent under this TSN. */
  boolean isAcked(long tsn) {
    return tsn <= cumulativeTsn || at(tsn).state == State.ACKED;
  }

  /** Moves the Advanced.Peer.Ack.Point (RFC 3758 §3.5, C1 and C2) and returns it; at least the cumulative TSN. */
  long advance() {
    advancedTsn = Math.max(advancedTsn, cumulativeTsn);
    while (advancedTsn + 1 < nextTsn && at(advancedTsn + 1).state == State.ABANDONED) {
      advancedTsn++;
    }
    return advancedTsn;
  }

  long cumulativeTsn() {
    return cumulativeTsn;
  }

  /** The TSN the next chunk gets. */
  long nextTsn() {
    return nextTsn;
  }

  /** User data sent and neither acknowledged nor known as lost. */
  long flightBytes() {
    return flightBytes;
  }

  boolean isEmpty() {
    return nextTsn == cumulativeTsn + 1;
  }

  /** Newly acknowledged by the last acknowledgement, by gap blocks too. */
  long ackedBytes() {
    return ackedBytes;
  }

  /** Whether the last acknowledgement moved the cumulative TSN. */
  boolean isAdvanced() {
    return isAdvanced;
  }

  /** Whether the last SACK showed a loss. */
  boolean hasLoss() {
    return hasLoss;
  }

  /** Gives everything up without a word: the peer has restarted. */
  void clear() {
    for (long tsn = cumulativeTsn + 1; tsn < nextTsn; tsn++) {
      buffer.settleAll(at(tsn).message);
    }
    Arrays.fill(ring, null);
    cumulativeTsn = nextTsn - 1;
    flightBytes = 0;
    lostChunks = 0;
  }
}
