package dev.tapedeck.media.core.sctp;

import java.util.ArrayDeque;

/** What we send on one stream: its messages in order, and the numbers they get. */
final class OutboundStream {
  final int id;
  final ArrayDeque<OutboundMessage> messages = new ArrayDeque<>();

  /** Whether it waits for its turn in {@link SendQueue}. */
  boolean isReady;

  /** User data queued or in flight. */
  long bufferedBytes;

  private long nextOrderedNumber;
  private long nextUnorderedNumber;

  OutboundStream(int id) {
    this.id = id;
  }

  /** SSN of RFC 9260 or MID of RFC 8260: both begin with 0 and grow by one, and MIDs do so apart for unordered. */
  long takeNumber(boolean isOrdered) {
    return isOrdered ? nextOrderedNumber++ : nextUnorderedNumber++;
  }
}
