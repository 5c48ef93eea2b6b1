package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.rtp.SequenceUnwrapper;
import dev.tapedeck.protocol.wire.Reception;
import java.util.Arrays;

/**
 * What the network delivered of one RTP stream: counts by sequence number (RFC 3550 §A.3), and how long the longest
 * hole was. A packet is given up as lost when {@value #WINDOW} newer numbers have passed. Owned by one thread.
 */
public final class TrackReception {
  /** Sequence numbers remembered, a power of two: two seconds of a fast video stream and more. */
  static final int WINDOW = 4096;

  /** A packet that comes later than this is of no use to a conversation any more (ITU-T G.114). */
  static final long LIVE_DEADLINE_NANOS = 400_000_000L;

  private static final long NOT_RECEIVED = Long.MIN_VALUE;

  private final StreamLosses losses;
  private final long askedInVainBefore;
  private final long tooLateBefore;
  private final long unauthenticBefore;
  private final long duplicatesBefore;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final long[] arrivals = new long[WINDOW];

  private long lowest;
  private long highest;
  private long receivedPackets;
  private long repairedPackets;
  private long repairedLatePackets;
  private long packetsWithoutSlab;
  private long shedPackets;
  private long unwantedPackets;
  private long firstArrivalNanos;
  private long lastArrivalNanos;
  private long longestHoleNanos;

  /** The last packet received among those that left the window, and whether one was lost behind it. */
  private long settledArrivalNanos = NOT_RECEIVED;

  private boolean inHole;

  public TrackReception() {
    this(StreamLosses.NONE);
  }

  /** @param losses of the stream; what they say now is not counted */
  public TrackReception(StreamLosses losses) {
    this.losses = losses;
    askedInVainBefore = losses.askedInVain();
    tooLateBefore = losses.tooLatePackets();
    unauthenticBefore = losses.unauthenticPackets();
    duplicatesBefore = losses.duplicatePackets();
    Arrays.fill(arrivals, NOT_RECEIVED);
  }

  /** Whether this packet was received before, as far as the window tells. */
  public boolean has(int sequenceNumber) {
    long extended = unwrapper.peek(sequenceNumber);
    return receivedPackets > 0 && extended <= highest && isInWindow(extended)
        && arrivals[slot(extended)] != NOT_RECEIVED;
  }

  /**
   * Counts one packet.
   *
   * @param sequenceNumber 0..65535
   * @param repaired       it came as a retransmission
   * @return false if this packet was received before; nothing is counted then
   */
  public boolean packet(int sequenceNumber, long arrivalNanos, boolean repaired) {
    long extended = unwrapper.unwrap(sequenceNumber);
    if (receivedPackets == 0) {
      lowest = extended;
      highest = extended;
      firstArrivalNanos = arrivalNanos;
    } else if (extended > highest) {
      advanceTo(extended);
    } else if (!isInWindow(extended)) {
      return count(arrivalNanos, repaired, Math.min(lowest, extended));
    } else if (arrivals[slot(extended)] != NOT_RECEIVED) {
      return false;
    }
    if (repaired && isLate(extended, arrivalNanos)) {
      repairedLatePackets++;
    }
    arrivals[slot(extended)] = arrivalNanos;
    return count(arrivalNanos, repaired, Math.min(lowest, extended));
  }

  /** A packet that was counted could not be taped, because no slab was to be had. */
  void hadNoSlab() {
    packetsWithoutSlab++;
  }

  /** A packet that was counted was left off the tape under pressure. */
  void wasShed() {
    shedPackets++;
  }

  /** A packet that was counted is not wanted by the recording's policy. */
  void wasNotWanted() {
    unwantedPackets++;
  }

  public long receivedPackets() {
    return receivedPackets;
  }

  /** Packets from the lowest to the highest number seen. */
  public long expectedPackets() {
    return receivedPackets == 0 ? 0 : highest - lowest + 1;
  }

  /**
   * The counts as they stand; numbers still missing within the window count as lost.
   *
   * @param clock turns arrivals into wall time
   */
  public Reception toWire(WallClock clock) {
    if (receivedPackets == 0) {
      return Reception.getDefaultInstance();
    }
    long lostPackets = Math.max(0, expectedPackets() - receivedPackets);
    return Reception.newBuilder()
        .setExpected(expectedPackets())
        .setReceived(receivedPackets)
        .setRepaired(repairedPackets)
        .setRepairedLate(repairedLatePackets)
        .setLost(lostPackets)
        .setAskedInVain(Math.clamp(losses.askedInVain() - askedInVainBefore, 0, lostPackets))
        .setTooLate(losses.tooLatePackets() - tooLateBefore)
        .setUnauthentic(losses.unauthenticPackets() - unauthenticBefore)
        .setDuplicates(losses.duplicatePackets() - duplicatesBefore)
        .setDroppedQueue(packetsWithoutSlab)
        .setDroppedShed(shedPackets)
        .setUnwanted(unwantedPackets)
        .setLongestHoleMs((int) Math.min(Integer.MAX_VALUE, longestHoleNanosSoFar() / 1_000_000))
        .setFirstMs(clock.epochNanos(firstArrivalNanos) / 1_000_000)
        .setLastMs(clock.epochNanos(lastArrivalNanos) / 1_000_000)
        .build();
  }

  private boolean count(long arrivalNanos, boolean repaired, long lowest) {
    this.lowest = lowest;
    receivedPackets++;
    if (repaired) {
      repairedPackets++;
    }
    lastArrivalNanos = arrivalNanos;
    return true;
  }

  /** By when the next packet behind the hole came, which is when the hole was seen. */
  private boolean isLate(long extended, long arrivalNanos) {
    for (long number = extended + 1; number <= highest; number++) {
      long arrival = arrivals[slot(number)];
      if (arrival != NOT_RECEIVED) {
        return arrivalNanos - arrival > LIVE_DEADLINE_NANOS;
      }
    }
    return false;
  }

  private boolean isInWindow(long extended) {
    return highest - extended < WINDOW;
  }

  private static int slot(long extended) {
    return (int) (extended & WINDOW - 1);
  }

  private void advanceTo(long extended) {
    long from = Math.max(highest + 1, extended - WINDOW + 1);
    if (extended - highest >= WINDOW) {
      // More is missing than the window holds; what it held is settled first, then a hole begins.
      settleWindow();
      inHole = settledArrivalNanos != NOT_RECEIVED;
      Arrays.fill(arrivals, NOT_RECEIVED);
    } else {
      for (long number = from; number <= extended; number++) {
        settle(number - WINDOW);
        arrivals[slot(number)] = NOT_RECEIVED;
      }
    }
    highest = extended;
  }

  private void settleWindow() {
    for (long number = highest - WINDOW + 1; number <= highest; number++) {
      settle(number);
    }
  }

  /** A number leaves the window: whatever is true of it now stays true. */
  private void settle(long number) {
    if (number < lowest) {
      return;
    }
    long arrival = arrivals[slot(number)];
    if (arrival == NOT_RECEIVED) {
      inHole = settledArrivalNanos != NOT_RECEIVED;
      return;
    }
    if (inHole) {
      longestHoleNanos = Math.max(longestHoleNanos, arrival - settledArrivalNanos);
    }
    inHole = false;
    settledArrivalNanos = arrival;
  }

  /** As if the whole window were settled now. */
  private long longestHoleNanosSoFar() {
    long longest = longestHoleNanos;
    long last = settledArrivalNanos;
    boolean hole = inHole;
    for (long number = Math.max(lowest, highest - WINDOW + 1); number <= highest; number++) {
      long arrival = arrivals[slot(number)];
      if (arrival == NOT_RECEIVED) {
        hole = last != NOT_RECEIVED;
      } else {
        longest = hole ? Math.max(longest, arrival - last) : longest;
        hole = false;
        last = arrival;
      }
    }
    return longest;
  }
}
