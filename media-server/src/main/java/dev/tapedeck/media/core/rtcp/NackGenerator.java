package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.SequenceNumbers;

/**
 * Finds out which packets of one received stream are missing and when to ask for them again (RFC 4585 §6.2.1). It also
 * tells whether a packet came before, by the original or by a retransmission.
 *
 * <p>A packet is asked for when two newer ones have come or {@link #REORDER_NANOS} have passed, then once in a round
 * trip, until it comes or is of no more use to those who watch. For a tape it is asked for on, more slowly, as long as
 * its sender may still have it. What was given up can only be mended by a key frame. Owned by the worker thread;
 * allocates nothing after construction.
 */
public final class NackGenerator {
  /** What a packet is to the stream so far. */
  public enum Arrival {
    /** The newest one. */
    NEW,
    /** It was missing and is wanted. */
    REPAIRED,
    /** It was given up, or stands before the first packet seen; never seen before. */
    LATE,
    /** It came before: drop it. */
    DUPLICATE,
    /** It stands so far behind that nobody knows whether it came before: drop it. */
    TOO_LATE
  }

  /** Packets that overtake each other settle in this time or with this many newer ones. */
  static final long REORDER_NANOS = 15_000_000;
  static final int REORDER_PACKETS = 2;

  /** More missing packets than this are not worth repairing for those who watch; for a tape some more are. */
  static final int MAX_MISSING_PACKETS = 1000;
  static final int MAX_MISSING_FOR_TAPE_PACKETS = 3000;

  /** Requests for the tape alone are repeated in this time at the soonest, and are so many a second at most. */
  static final long OVERDUE_RETRY_NANOS = 250_000_000;
  static final int OVERDUE_REQUESTS_PER_SECOND = 50;
  private static final long OVERDUE_INTERVAL_NANOS = 1_000_000_000 / OVERDUE_REQUESTS_PER_SECOND;
  private static final long OVERDUE_BURST_NANOS = 500_000_000;

  /** Requests of one time-out: as many as fit one packet of 1,100 bytes however they lie. */
  public static final int MAX_REQUESTS = 256;

  /** Sequence numbers remembered; a power of two, more than {@link #MAX_MISSING_FOR_TAPE_PACKETS}. */
  static final int WINDOW = 4096;
  private static final int MASK = WINDOW - 1;

  private static final byte NOT_SEEN = 0;
  private static final byte RECEIVED = 1;
  private static final byte MISSING = 2;

  /** Missing too long for those who watch, and wanted for the tape. */
  private static final byte OVERDUE = 3;

  /** Asked for in vain. */
  private static final byte GIVEN_UP = 4;

  private static final int MAX_TRIES = 127;
  private static final int DEFAULT_MAX_TRIES = 10;
  private static final long DEFAULT_MAX_AGE_NANOS = 1_000_000_000;

  private final RoundTripEstimator roundTrip;
  private final int maxTries;
  private final long maxAgeNanos;
  private long patienceNanos;

  /** Per sequence number of the window, by its low bits. */
  private final byte[] states = new byte[WINDOW];
  private final byte[] tries = new byte[WINDOW];
  private final long[] missedNanos = new long[WINDOW];
  private final long[] askedNanos = new long[WINDOW];

  private final int[] requests = new int[MAX_REQUESTS];
  private boolean started;

  /** Extended: it never wraps, and numbers before the first packet may be negative. */
  private long highest;

  /** No missing packet stands before this one. */
  private long oldestMissing;
  private int missingPackets;
  private long nextTimeoutNanos = Long.MAX_VALUE;
  private boolean keyFrameNeeded;
  private long askedInVain;

  /** The moment up to which requests for the tape alone have used up their rate. */
  private long overdueBudgetNanos = Long.MIN_VALUE;

  /** What must follow an impossible sequence number for the sender to have started anew (RFC 3550 A.1). */
  private int restartSequenceNumber = -1;

  /** @param roundTrip to the sender, shared by all its streams; measured here, too */
  public NackGenerator(RoundTripEstimator roundTrip) {
    this(roundTrip, DEFAULT_MAX_TRIES, DEFAULT_MAX_AGE_NANOS);
  }

  /**
   * @param maxTries    requests for one packet before it is given up for those who watch, 1..127
   * @param maxAgeNanos how long a packet is asked for on their behalf
   */
  public NackGenerator(RoundTripEstimator roundTrip, int maxTries, long maxAgeNanos) {
    if (maxTries < 1 || maxTries > MAX_TRIES) {
      throw new IllegalArgumentException("maxTries must be 1..127, not " + maxTries);
    }
    this.roundTrip = roundTrip;
    this.maxTries = maxTries;
    this.maxAgeNanos = maxAgeNanos;
  }

  /** From now on packets are asked for at least this long, because a tape wants them late as well; 0 ends that. */
  public void setPatienceNanos(long nanos) {
    patienceNanos = nanos;
  }

  /** Notes an original packet. */
  public Arrival onPacket(long nowNanos, int sequenceNumber) {
    return onPacket(nowNanos, sequenceNumber, false);
  }

  /** @param repaired it is a retransmission, and so an answer */
  public Arrival onPacket(long nowNanos, int sequenceNumber, boolean repaired) {
    if (!started) {
      start(sequenceNumber);
      return Arrival.NEW;
    }
    long extended = highest + SequenceNumbers.distance((int) highest, sequenceNumber);
    if (extended > highest) {
      restartSequenceNumber = -1;
      advance(nowNanos, extended);
      return Arrival.NEW;
    }
    if (extended <= highest - WINDOW) {
      return isRestart(sequenceNumber) ? restart(sequenceNumber) : Arrival.TOO_LATE;
    }
    int index = (int) extended & MASK;
    byte state = states[index];
    states[index] = RECEIVED;
    if (repaired && isWanted(state) && tries[index] > 0) {
      roundTrip.answered(nowNanos - missedNanos[index], nowNanos - askedNanos[index], tries[index] == 1);
    }
    return switch (state) {
      case RECEIVED -> Arrival.DUPLICATE;
      case MISSING -> {
        missingPackets--;
        yield Arrival.REPAIRED;
      }
      case OVERDUE -> {
        missingPackets--;
        yield Arrival.LATE;
      }
      case GIVEN_UP -> {
        askedInVain--;
        yield Arrival.LATE;
      }
      default -> Arrival.LATE;
    };
  }

  /**
   * Collects the packets to ask for now; they count as asked for.
   *
   * @return how many, 0..{@link #MAX_REQUESTS}; they stand in {@link #requests} until the next call. If there are more,
   *     {@link #nextTimeoutNanos} is at once
   */
  public int handleTimeout(long nowNanos) {
    nextTimeoutNanos = Long.MAX_VALUE;
    int count = 0;
    boolean isOldest = true;
    for (long extended = oldestMissing; missingPackets > 0 && extended < highest; extended++) {
      int index = (int) extended & MASK;
      if (!isWanted(states[index]) || !isStillWanted(nowNanos, index)) {
        continue;
      }
      if (isOldest) {
        oldestMissing = extended;
        isOldest = false;
      }
      long dueNanos = Math.max(dueNanos(extended), states[index] == OVERDUE ? overdueAllowedNanos() : Long.MIN_VALUE);
      if (dueNanos > nowNanos) {
        nextTimeoutNanos = Math.min(nextTimeoutNanos, dueNanos);
      } else if (count == MAX_REQUESTS) {
        nextTimeoutNanos = nowNanos;
        break;
      } else {
        requests[count++] = (int) extended & 0xFFFF;
        asked(nowNanos, index);
        nextTimeoutNanos = Math.min(nextTimeoutNanos, dueNanos(extended));
      }
    }
    return count;
  }

  /** Sequence numbers in order, the first {@link #handleTimeout} of them; as {@link RtcpWriter#nack} takes them. */
  public int[] requests() {
    return requests;
  }

  /** When {@link #handleTimeout} has something to do, or {@link Long#MAX_VALUE}. */
  public long nextTimeoutNanos() {
    return missingPackets == 0 ? Long.MAX_VALUE : nextTimeoutNanos;
  }

  /** Whether packets were given up for those who watch since the last call. */
  public boolean takeKeyFrameNeeded() {
    boolean needed = keyFrameNeeded;
    keyFrameNeeded = false;
    return needed;
  }

  /** Packets that are missing and not given up, 0..3000. */
  public int missingPackets() {
    return missingPackets;
  }

  /** Packets that were asked for and have not come, those not given up yet included. Walks over the window. */
  public long askedInVain() {
    long count = askedInVain;
    for (int i = 0; i < WINDOW; i++) {
      count += isWanted(states[i]) && tries[i] > 0 ? 1 : 0;
    }
    return count;
  }

  private void start(int sequenceNumber) {
    started = true;
    highest = sequenceNumber;
    oldestMissing = highest;
    states[(int) highest & MASK] = RECEIVED;
  }

  private void advance(long nowNanos, long extended) {
    long gapPackets = extended - highest - 1;
    if (missingPackets + gapPackets > (patienceNanos > 0 ? MAX_MISSING_FOR_TAPE_PACKETS : MAX_MISSING_PACKETS)) {
      giveUpAll();
      forget(highest + 1, extended);
    } else {
      leaveWindow(extended);
      for (long missed = highest + 1; missed < extended; missed++) {
        miss(nowNanos, missed);
      }
    }
    long from = highest;
    highest = extended;
    states[(int) extended & MASK] = RECEIVED;
    if (missingPackets > 0) {
      hurry(nowNanos, from);
    }
  }

  private void miss(long nowNanos, long extended) {
    int index = (int) extended & MASK;
    if (missingPackets++ == 0) {
      oldestMissing = extended;
      nextTimeoutNanos = Long.MAX_VALUE;
    }
    states[index] = MISSING;
    tries[index] = 0;
    missedNanos[index] = nowNanos;
    nextTimeoutNanos = Math.min(nextTimeoutNanos, nowNanos + REORDER_NANOS);
  }

  /** Missing packets that the window leaves behind are given up. */
  private void leaveWindow(long newHighest) {
    long firstKept = newHighest - WINDOW + 1;
    for (long extended = oldestMissing; missingPackets > 0 && extended < firstKept; extended++) {
      int index = (int) extended & MASK;
      if (isWanted(states[index])) {
        keyFrameNeeded |= states[index] == MISSING;
        giveUp(index);
      }
    }
    oldestMissing = Math.max(oldestMissing, firstKept);
  }

  /** Asks at once for what now has enough newer packets behind it. */
  private void hurry(long nowNanos, long formerHighest) {
    long from = Math.max(formerHighest - REORDER_PACKETS + 1, oldestMissing);
    for (long extended = from; extended <= highest - REORDER_PACKETS; extended++) {
      int index = (int) extended & MASK;
      if (states[index] == MISSING && tries[index] == 0) {
        nextTimeoutNanos = nowNanos;
        return;
      }
    }
  }

  private long dueNanos(long extended) {
    int index = (int) extended & MASK;
    if (tries[index] > 0) {
      long retryNanos = roundTrip.retryNanos();
      return askedNanos[index] + (states[index] == OVERDUE ? Math.max(retryNanos, OVERDUE_RETRY_NANOS) : retryNanos);
    }
    return highest - extended >= REORDER_PACKETS ? missedNanos[index] : missedNanos[index] + REORDER_NANOS;
  }

  private long overdueAllowedNanos() {
    return overdueBudgetNanos < Long.MIN_VALUE + OVERDUE_BURST_NANOS
        ? Long.MIN_VALUE : overdueBudgetNanos - OVERDUE_BURST_NANOS;
  }

  private void asked(long nowNanos, int index) {
    tries[index] = (byte) Math.min(tries[index] + 1, MAX_TRIES);
    askedNanos[index] = nowNanos;
    if (states[index] == OVERDUE) {
      overdueBudgetNanos = Math.max(overdueBudgetNanos, nowNanos) + OVERDUE_INTERVAL_NANOS;
    }
  }

  private static boolean isWanted(byte state) {
    return state == MISSING || state == OVERDUE;
  }

  /** Moves a packet on with time: from those who watch to the tape, and from there to what is lost. */
  private boolean isStillWanted(long nowNanos, int index) {
    if (states[index] == MISSING && isHopeless(nowNanos, index)) {
      states[index] = OVERDUE;
      keyFrameNeeded = true;
    }
    if (states[index] == OVERDUE && nowNanos - missedNanos[index] >= patienceNanos) {
      giveUp(index);
      return false;
    }
    return true;
  }

  /** The last request gets the time of an answer before it counts as failed. */
  private boolean isHopeless(long nowNanos, int index) {
    return nowNanos - missedNanos[index] >= maxAgeNanos
        || tries[index] >= maxTries && nowNanos - askedNanos[index] >= roundTrip.retryNanos();
  }

  private void giveUp(int index) {
    boolean wasAsked = tries[index] > 0;
    states[index] = wasAsked ? GIVEN_UP : NOT_SEEN;
    askedInVain += wasAsked ? 1 : 0;
    missingPackets--;
  }

  private void giveUpAll() {
    for (int i = 0; i < WINDOW; i++) {
      if (isWanted(states[i])) {
        giveUp(i);
      }
    }
    keyFrameNeeded = true;
  }

  private void forget(long from, long to) {
    for (long extended = Math.max(from, to - WINDOW); extended < to; extended++) {
      states[(int) extended & MASK] = NOT_SEEN;
    }
    oldestMissing = to;
  }

  private boolean isRestart(int sequenceNumber) {
    boolean isRestart = sequenceNumber == restartSequenceNumber;
    restartSequenceNumber = SequenceNumbers.plus(sequenceNumber, 1);
    return isRestart;
  }

  private Arrival restart(int sequenceNumber) {
    giveUpAll();
    forget(0, WINDOW);
    restartSequenceNumber = -1;
    start(sequenceNumber);
    return Arrival.NEW;
  }
}
