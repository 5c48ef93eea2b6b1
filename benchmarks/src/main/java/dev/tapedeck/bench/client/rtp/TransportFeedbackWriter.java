package dev.tapedeck.bench.client.rtp;

/**
 * Tells the server when each packet arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 *
 * <p>Status is always written as vectors of seven two-bit symbols: simple, and within a byte per four packets.
 */
final class TransportFeedbackWriter {
  private static final long TICK_NANOS = 250_000;
  private static final long REFERENCE_NANOS = 64_000_000;
  private static final int SYMBOLS_PER_CHUNK = 7;
  private static final int NOT_RECEIVED = 0;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;
  /** Packets one feedback may speak of, so that it fits a datagram: 2 bytes each at most, and chunks. */
  private static final int MAX_PACKETS = 400;
  /** Packets that may wait for the next feedback, a power of two; those before them are not spoken of. */
  private static final int RING = 1024;

  /** Which packet a place of the ring holds; what was written is taken out. */
  private final long[] sequences = new long[RING];
  private final long[] arrivals = new long[RING];
  private long highest = -1;
  private long nextBase = -1;
  /** No packet before it waits. */
  private long lowest;
  private int waiting;
  private int feedbackCount;

  void onPacket(int transportSequence, long nowNanos) {
    long sequence = highest < 0
        ? 0x10000L + transportSequence
        : highest + Ints.distance((int) highest & 0xffff, transportSequence);
    if (sequence < nextBase || sequence <= highest - RING || isWaiting(sequence)) {
      return;
    }
    makeRoomUntil(sequence);
    lowest = waiting == 0 ? sequence : Math.min(lowest, sequence);
    highest = Math.max(highest, sequence);
    sequences[(int) sequence & RING - 1] = sequence;
    arrivals[(int) sequence & RING - 1] = nowNanos;
    waiting++;
  }

  /** What waits is never more than the ring's length behind the highest. */
  private void makeRoomUntil(long sequence) {
    for (long next = Math.max(highest + 1, sequence - RING + 1); next <= sequence; next++) {
      forget((int) next & RING - 1);
    }
  }

  private void forget(int place) {
    if (sequences[place] != 0) {
      sequences[place] = 0;
      waiting--;
    }
  }

  private boolean isWaiting(long sequence) {
    return sequences[(int) sequence & RING - 1] == sequence;
  }

  boolean hasNews() {
    return waiting > 0;
  }

  /** True when a feedback would be as long as one may be. */
  boolean isFull() {
    return waiting >= MAX_PACKETS;
  }

  /** Appends one feedback packet with what arrived since the last; there must be news. */
  void write(RtcpWriter out, int ourSsrc, int mediaSsrc) {
    long first = Math.max(lowest, highest - RING + 1);
    while (!isWaiting(first)) {
      first++;
    }
    long base = nextBase < 0 ? first : Math.max(nextBase, first - MAX_PACKETS / 2);
    long last = Math.min(highest, base + MAX_PACKETS - 1);
    int count = (int) (last - base + 1);
    long reference = arrivals[(int) first & RING - 1] / REFERENCE_NANOS;
    int start = out.open(Rtcp.TRANSPORT_FEEDBACK, Rtcp.FORMAT_TRANSPORT_CC, ourSsrc);
    out.append32(mediaSsrc);
    out.append16((int) (base & 0xffff));
    out.append16(count);
    out.append32((reference & 0xffffffL) << 8 | feedbackCount++ & 0xff);
    int[] deltas = deltas(base, count, reference * REFERENCE_NANOS);
    writeChunks(out, base, deltas);
    writeDeltas(out, base, deltas);
    out.close(start);
    forgetUntil(last);
  }

  private void forgetUntil(long last) {
    for (long sequence = Math.max(lowest, highest - RING + 1); sequence <= last; sequence++) {
      forget((int) sequence & RING - 1);
    }
    lowest = last + 1;
    nextBase = last + 1;
  }

  private int[] deltas(long base, int count, long referenceNanos) {
    int[] deltas = new int[count];
    long previousTicks = referenceNanos / TICK_NANOS;
    for (int i = 0; i < count; i++) {
      if (isWaiting(base + i)) {
        long ticks = arrivals[(int) (base + i) & RING - 1] / TICK_NANOS;
        deltas[i] = (int) Math.clamp(ticks - previousTicks, Short.MIN_VALUE, Short.MAX_VALUE);
        previousTicks = ticks;
      }
    }
    return deltas;
  }

  private int symbol(long sequence, int delta) {
    if (!isWaiting(sequence)) {
      return NOT_RECEIVED;
    }
    return delta >= 0 && delta <= 255 ? SMALL_DELTA : LARGE_DELTA;
  }

  private void writeChunks(RtcpWriter out, long base, int[] deltas) {
    for (int from = 0; from < deltas.length; from += SYMBOLS_PER_CHUNK) {
      int chunk = 0xC000;
      for (int i = 0; i < SYMBOLS_PER_CHUNK && from + i < deltas.length; i++) {
        chunk |= symbol(base + from + i, deltas[from + i]) << 2 * (SYMBOLS_PER_CHUNK - 1 - i);
      }
      out.append16(chunk);
    }
  }

  private void writeDeltas(RtcpWriter out, long base, int[] deltas) {
    for (int i = 0; i < deltas.length; i++) {
      switch (symbol(base + i, deltas[i])) {
        case SMALL_DELTA -> out.append8(deltas[i]);
        case LARGE_DELTA -> out.append16(deltas[i]);
        default -> {
          // Not received: no delta.
        }
      }
    }
  }
}
