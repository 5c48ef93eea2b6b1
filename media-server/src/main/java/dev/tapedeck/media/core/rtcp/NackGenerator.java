package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.SequenceNumbers;

/**
 * Finds out which packets of one received stream are missing and when to ask for them again (RFC 4585 §6.2.1). It also
 * tells whether a packet came before, by the original or by a retransmission.
 *
 * <p>A packet is asked for when two newer ones have come or {@link #REORDER_NANOS} have passed, then once in a round
 * trip, until it comes or is given up; what was given up can only be mended by a key frame. Owned by the worker thread;
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
    /** It came before, or stands so far behind that this is not known any more: drop it. */
    DUPLICATE
  }

  /** Packets that overtake each other settle in this time or with this many newer ones. */
  static final long REORDER_NANOS = 15_000_000;
  static final int REORDER_PACKETS = 2;

  /** The shortest time between two requests for one packet, and what is used before a round trip is known. */
  static final long MIN_RETRY_NANOS = 20_000_000;
  static final long UNKNOWN_ROUND_TRIP_NANOS = 100_000_000;

  /** More missing packets than this are not worth repairing. */
  static final int MAX_MISSING_PACKETS = 1000;

  /** Requests of one time-out: as many as fit one packet of 1,100 bytes however they lie. */
  public static final int MAX_REQUESTS = 256;

  /** Sequence numbers remembered; a power of two, more than {@link #MAX_MISSING_PACKETS}. */
  static final int WINDOW = 2048;
  private static final int MASK = WINDOW - 1;

  private static final byte NOT_SEEN = 0;
  private static final byte RECEIVED = 1;
  private static final byte MISSING = 2;

  private static final int DEFAULT_MAX_TRIES = 10;
  private static final long DEFAULT_MAX_AGE_NANOS = 1_000_000_000;

  private final int maxTries;
  private final long maxAgeNanos;

  /** Per sequence number of the window, by its low bits. */
  private final byte[] states = new byte[WINDOW];
  private final byte[] tries = new byte[WINDOW];
  private final long[] missedNanos = new long[WINDOW];
  private final long[] askedNanos = new long[WINDOW];

  private final int[] requests = new int[MAX_REQUESTS];
  private long retryNanos = UNKNOWN_ROUND_TRIP_NANOS;
  private boolean started;

  /** Extended: it never wraps, and numbers before the first packet may be negative. */
  private long highest;

  /** No missing packet stands before this one. */
  private long oldestMissing;
  private int missingPackets;
  private long nextTimeoutNanos = Long.MAX_VALUE;
  private boolean keyFrameNeeded;

  /** What must follow an impossible sequence number for the sender to have started anew (RFC 3550 A.1). */
  private int restartSequenceNumber = -1;

  public NackGenerator() {
    this(DEFAULT_MAX_TRIES, DEFAULT_MAX_AGE_NANOS);
  }

  /**
   * @param maxTries    requests for one packet before it is given up, 1..127
   * @param maxAgeNanos how long a packet is asked for
   */
  public NackGenerator(int maxTries, long maxAgeNanos) {
    if (maxTries < 1 || maxTries > 127) {
      throw new IllegalArgumentException("maxTries must be 1..127, not " + maxTries);
    }
    this.maxTries = maxTries;
    this.maxAgeNanos = maxAgeNanos;
  }

  /** How long an answer takes; requests are repeated after this time. */
  public void setRoundTripNanos(long nanos) {
    retryNanos = Math.max(nanos, MIN_RETRY_NANOS);
  }

  /** Notes a packet, the original or its retransmission alike. */
  public Arrival onPacket(long nowNanos, int sequenceNumber) {
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
      return isRestart(sequenceNumber) ? restart(sequenceNumber) : Arrival.DUPLICATE;
    }
    int index = (int) extended & MASK;
    byte state = states[index];
    states[index] = RECEIVED;
    return switch (state) {
      case RECEIVED -> Arrival.DUPLICATE;
      case MISSING -> {
        missingPackets--;
        yield Arrival.REPAIRED;
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
      if (states[index] != MISSING) {
        continue;
      }
      if (isHopeless(nowNanos, index)) {
        giveUp(index);
        continue;
      }
      if (isOldest) {
        oldestMissing = extended;
        isOldest = false;
      }
      if (dueNanos(extended) > nowNanos) {
        nextTimeoutNanos = Math.min(nextTimeoutNanos, dueNanos(extended));
      } else if (count == MAX_REQUESTS) {
        nextTimeoutNanos = nowNanos;
        break;
      } else {
        requests[count++] = (int) extended & 0xFFFF;
        tries[index]++;
        askedNanos[index] = nowNanos;
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

  /** Whether packets were given up since the last call. */
  public boolean takeKeyFrameNeeded() {
    boolean needed = keyFrameNeeded;
    keyFrameNeeded = false;
    return needed;
  }

  /** Packets that are missing and not given up, 0..1000. */
  public int missingPackets() {
    return missingPackets;
  }

  private void start(int sequenceNumber) {
    started = true;
    highest = sequenceNumber;
    oldestMissing = highest;
    states[(int) highest & MASK] = RECEIVED;
  }

  private void advance(long nowNanos, long extended) {
    long gapPackets = extended - highest - 1;
    if (missingPackets + gapPackets > MAX_MISSING_PACKETS) {
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
      if (states[(int) extended & MASK] == MISSING) {
        giveUp((int) extended & MASK);
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
      return askedNanos[index] + retryNanos;
    }
    return highest - extended >= REORDER_PACKETS ? missedNanos[index] : missedNanos[index] + REORDER_NANOS;
  }

  /** The last request gets the time of an answer before it counts as failed. */
  private boolean isHopeless(long nowNanos, int index) {
    return nowNanos - missedNanos[index] >= maxAgeNanos
        || tries[index] >= maxTries && nowNanos - askedNanos[index] >= retryNanos;
  }

  private void giveUp(int index) {
    states[index] = NOT_SEEN;
    missingPackets--;
    keyFrameNeeded = true;
  }

  private void giveUpAll() {
    for (int i = 0; i < WINDOW; i++) {
      if (states[i] == MISSING) {
        states[i] = NOT_SEEN;
      }
    }
    missingPackets = 0;
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
