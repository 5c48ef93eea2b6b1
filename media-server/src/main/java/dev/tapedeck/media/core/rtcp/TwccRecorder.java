package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.SequenceUnwrapper;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Remembers when the packets of one peer arrived and writes the feedback its congestion control lives on
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Packets that had not come when a feedback was written are told
 * later, by a feedback that begins again at them. Owned by the worker thread; allocates nothing after construction.
 */
public final class TwccRecorder {
  /** How long arrivals are gathered. Fewer, larger messages; browsers expect 50 to 250 ms. */
  static final long INTERVAL_NANOS = 50_000_000;

  /** Packets that are this far behind the newest one are not told any more. */
  static final int MAX_REORDERED_PACKETS = 500;

  /** Arrivals remembered; a power of two. */
  private static final int WINDOW = RtcpPackets.MAX_STATUSES;
  private static final int MASK = WINDOW - 1;
  private static final long NOT_RECEIVED = Long.MIN_VALUE;

  private static final int HEADER_BYTES = RtcpPackets.FEEDBACK_HEADER_BYTES + 8;

  /** Smallest room in which {@link #write} gets on: a message of lost packets and one that arrived. */
  public static final int MIN_CAPACITY = HEADER_BYTES + 8;

  /** No message is larger, whatever the room. */
  private static final int MAX_MESSAGE_BYTES = 1400;

  private final SequenceUnwrapper sequences = new SequenceUnwrapper();
  private final long[] arrivalTicks = new long[WINDOW];
  private final StatusChunkEncoder chunks = new StatusChunkEncoder(MAX_MESSAGE_BYTES / 2);
  private final byte[] deltas = new byte[MAX_MESSAGE_BYTES];
  private int deltaBytes;

  /** First packet that the next message tells of; beyond the highest one if there is nothing to tell. */
  private long nextToTell;
  private long firstUntoldNanos;
  private int feedbackCount;

  public TwccRecorder() {
    Arrays.fill(arrivalTicks, NOT_RECEIVED);
  }

  /** Notes a packet with its transport-wide sequence number, 0..65535. */
  public void onPacket(long nowNanos, int transportSequence) {
    if (!sequences.isStarted()) {
      nextToTell = transportSequence;
    }
    boolean hadFeedback = hasFeedback();
    long formerHighest = sequences.isStarted() ? sequences.highest() : transportSequence - 1;
    long extended = sequences.unwrap(transportSequence);
    if (extended > formerHighest) {
      forget(formerHighest + 1, extended);
    } else if (extended <= formerHighest - MAX_REORDERED_PACKETS) {
      return;
    }
    int index = (int) extended & MASK;
    if (arrivalTicks[index] != NOT_RECEIVED) {
      return; // a duplicate; the first arrival counts
    }
    arrivalTicks[index] = Math.floorDiv(nowNanos, RtcpPackets.TICK_NANOS);
    nextToTell = Math.max(Math.min(nextToTell, extended), sequences.highest() - WINDOW + 1);
    if (!hadFeedback) {
      firstUntoldNanos = nowNanos;
    }
  }

  public boolean hasFeedback() {
    return sequences.isStarted() && nextToTell <= sequences.highest();
  }

  /** When a feedback is due, or {@link Long#MAX_VALUE} with nothing to tell. */
  public long nextTimeoutNanos() {
    return hasFeedback() ? firstUntoldNanos + INTERVAL_NANOS : Long.MAX_VALUE;
  }

  /**
   * Writes one message; call again while {@link #hasFeedback}, because one holds neither any number of packets nor
   * gaps of more than 8 s.
   *
   * @param mediaSsrc any stream of the peer; it is only looked at to find the peer
   * @return bytes written, a multiple of 4; 0 with nothing to tell or less room than {@link #MIN_CAPACITY}
   */
  public int write(MemorySegment memory, long offset, int capacity, int senderSsrc, int mediaSsrc) {
    if (!hasFeedback() || capacity < MIN_CAPACITY) {
      return 0;
    }
    long base = nextToTell;
    long reference = Math.floorDiv(firstArrivalTicks(base), RtcpPackets.TICKS_PER_REFERENCE);
    int statuses = gather(base, reference * RtcpPackets.TICKS_PER_REFERENCE, Math.min(capacity, MAX_MESSAGE_BYTES));
    nextToTell = base + statuses;

    Bytes.put16(memory, offset + 12, (int) base);
    Bytes.put16(memory, offset + 14, statuses);
    Bytes.put24(memory, offset + 16, (int) reference);
    Bytes.put8(memory, offset + 19, feedbackCount++);
    long at = offset + HEADER_BYTES;
    for (int i = 0, n = chunks.finish(); i < n; i++, at += 2) {
      Bytes.put16(memory, at, chunks.chunk(i));
    }
    for (int i = 0; i < deltaBytes; i++) {
      Bytes.put8(memory, at++, deltas[i]);
    }
    int bytes = (int) (at - offset) + 3 & ~3;
    RtcpWriter.putZeros(memory, at, offset + bytes);
    RtcpWriter.putFeedbackHeader(
        memory, offset, RtcpPackets.TRANSPORT_CC, RtcpPackets.TRANSPORT_FEEDBACK, bytes, senderSsrc, mediaSsrc);
    return bytes;
  }

  /** Encodes as many packets from {@code base} on as fit; the last one is always one that arrived. */
  private int gather(long base, long referenceTicks, int capacity) {
    chunks.clear();
    deltaBytes = 0;
    long lastTicks = referenceTicks;
    int statuses = 0;
    for (long extended = base; extended <= sequences.highest(); extended++) {
      long ticks = arrivalTicks[(int) extended & MASK];
      if (ticks == NOT_RECEIVED) {
        continue; // told together with the next one that arrived
      }
      long delta = ticks - lastTicks;
      int missing = (int) (extended - base) - statuses;
      int symbol = delta >= 0 && delta <= 0xFF ? RtcpPackets.SMALL_DELTA : RtcpPackets.LARGE_DELTA;
      if (delta != (short) delta || bytesAtMost(missing, symbol) > capacity && statuses > 0) {
        break;
      }
      for (int i = 0; i < missing; i++) {
        chunks.add(RtcpPackets.NOT_RECEIVED);
      }
      chunks.add(symbol);
      putDelta((int) delta, symbol);
      lastTicks = ticks;
      statuses += missing + 1;
    }
    return statuses;
  }

  /** A bound of the message's bytes with so many lost packets and one that arrived added. */
  private int bytesAtMost(int missing, int symbol) {
    int moreChunks = missing == 0 ? 1 : 4; // what is open, up to two for a gap of 8192, the packet behind it
    return HEADER_BYTES + 2 * (chunks.chunksIfFinished() + moreChunks) + deltaBytes + symbol + 3 & ~3;
  }

  private void putDelta(int delta, int symbol) {
    if (symbol == RtcpPackets.LARGE_DELTA) {
      deltas[deltaBytes++] = (byte) (delta >> 8);
    }
    deltas[deltaBytes++] = (byte) delta;
  }

  private long firstArrivalTicks(long from) {
    long extended = from;
    while (arrivalTicks[(int) extended & MASK] == NOT_RECEIVED) {
      extended++; // the highest one arrived, so this ends
    }
    return arrivalTicks[(int) extended & MASK];
  }

  private void forget(long from, long to) {
    for (long extended = Math.max(from, to - WINDOW + 1); extended <= to; extended++) {
      arrivalTicks[(int) extended & MASK] = NOT_RECEIVED;
    }
  }
}
