package dev.tapedeck.media.core.sctp;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;

/** Puts the messages of one stream together and, where they are ordered, in order (RFC 9260 §6.5, 6.6; RFC 8260 §2.2). */
final class InboundStream {
  private final TreeMap<Long, PartialMessage> ordered = new TreeMap<>();
  private final TreeMap<Long, PartialMessage> unorderedByMid = new TreeMap<>();
  private final UnorderedFragments unordered = new UnorderedFragments();
  private final Queue<InboundMessage> complete;
  private final int maxMessageBytes;
  private long nextNumber;
  private long heldBytes;

  /** @param complete takes whole messages when their turn has come */
  InboundStream(Queue<InboundMessage> complete, int maxMessageBytes) {
    this.complete = complete;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** What the stream holds of the receive buffer. */
  long heldBytes() {
    return heldBytes;
  }

  Reassembly.Result add(Fragment fragment) {
    if (!fragment.isOrdered()) {
      return fragment.isInterleaved() ? addByMid(fragment) : addUnordered(fragment);
    }
    long number = fragment.isInterleaved()
        ? SerialNumbers.unwrap32(nextNumber, fragment.number())
        : SerialNumbers.unwrap16(nextNumber, fragment.number());
    if (number < nextNumber) {
      return Reassembly.Result.STALE;
    }
    Reassembly.Result result = addTo(ordered, number, fragment);
    deliverOrdered();
    return result;
  }

  private Reassembly.Result addByMid(Fragment fragment) {
    long number = Integer.toUnsignedLong(fragment.number());
    Reassembly.Result result = addTo(unorderedByMid, number, fragment);
    if (result == Reassembly.Result.TAKEN && unorderedByMid.get(number).isComplete()) {
      deliver(unorderedByMid.remove(number).fragments());
    }
    return result;
  }

  private Reassembly.Result addTo(TreeMap<Long, PartialMessage> messages, long number, Fragment fragment) {
    PartialMessage message = messages.computeIfAbsent(number, _ -> new PartialMessage());
    if (!message.add(fragment)) {
      return Reassembly.Result.VIOLATION;
    }
    heldBytes += fragment.heldBytes();
    return message.bytes() > maxMessageBytes ? Reassembly.Result.TOO_LARGE : Reassembly.Result.TAKEN;
  }

  private Reassembly.Result addUnordered(Fragment fragment) {
    heldBytes += fragment.heldBytes();
    List<Fragment> fragments = unordered.add(fragment);
    if (unordered.lastRunBytes() > maxMessageBytes) {
      return Reassembly.Result.TOO_LARGE;
    }
    if (!fragments.isEmpty()) {
      deliver(fragments);
    }
    return Reassembly.Result.TAKEN;
  }

  private void deliverOrdered() {
    PartialMessage message;
    while ((message = ordered.get(nextNumber)) != null && message.isComplete()) {
      ordered.remove(nextNumber++);
      deliver(message.fragments());
    }
  }

  private void deliver(Collection<Fragment> fragments) {
    InboundMessage message = InboundMessage.of(fragments);
    release(fragments);
    complete.add(message);
  }

  private void release(Collection<Fragment> fragments) {
    for (Fragment fragment : fragments) {
      heldBytes -= fragment.heldBytes();
    }
  }

  /** Ordered messages up to this SSN or MID will not be completed; whole ones among them are still delivered. */
  void skipOrdered(int wireNumber, boolean isInterleaved) {
    long number = isInterleaved
        ? SerialNumbers.unwrap32(nextNumber, wireNumber)
        : SerialNumbers.unwrap16(nextNumber, wireNumber);
    while (!ordered.isEmpty() && ordered.firstKey() <= number) {
      PartialMessage message = ordered.pollFirstEntry().getValue();
      if (message.isComplete()) {
        deliver(message.fragments());
      } else {
        release(message.fragments());
      }
    }
    nextNumber = Math.max(nextNumber, number + 1);
    deliverOrdered();
  }

  /** The same for unordered messages up to this MID. */
  void skipUnordered(int wireMid) {
    unorderedByMid.entrySet().removeIf(entry -> {
      boolean isSkipped = (int) (entry.getKey() - wireMid) <= 0;
      if (isSkipped) {
        release(entry.getValue().fragments());
      }
      return isSkipped;
    });
  }

  /** Unordered messages of DATA that begin up to this TSN will not be completed. */
  void skipUnorderedTo(long tsn) {
    heldBytes -= unordered.discardTo(tsn);
  }
}
