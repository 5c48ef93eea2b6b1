package dev.tapedeck.media.core.bwe;

import java.util.Arrays;

/**
 * When the last packets left and how large they were, by transport-wide sequence number. Owned by the worker thread.
 */
final class SentPackets {
  /** A power of two: at 1,000 packets a second feedback may be a second late. */
  private static final int REMEMBERED = 1024;

  private static final long NOTHING = -1;
  private static final int BYTES_BITS = 11;
  private static final int NUMBER_BITS = 6;
  private static final int MICROS_SHIFT = BYTES_BITS + NUMBER_BITS;

  /** Microseconds 46, high bits of the number 6, bytes 11; {@link #NOTHING} where none was sent. */
  private final long[] packets = new long[REMEMBERED];

  SentPackets() {
    Arrays.fill(packets, NOTHING);
  }

  void note(int transportSequence, long nowNanos, int bytes) {
    packets[place(transportSequence)] = (nowNanos / 1_000 << MICROS_SHIFT) & Long.MAX_VALUE
        | (long) high(transportSequence) << BYTES_BITS
        | Math.min(bytes, (1 << BYTES_BITS) - 1);
  }

  boolean has(int transportSequence) {
    long packet = packets[place(transportSequence)];
    return packet != NOTHING
        && (packet >> BYTES_BITS & (1 << NUMBER_BITS) - 1) == high(transportSequence);
  }

  /** Monotonic, in steps of a microsecond; only if {@link #has}. */
  long nanos(int transportSequence) {
    return (packets[place(transportSequence)] >> MICROS_SHIFT) * 1_000;
  }

  /** Only if {@link #has}. */
  int bytes(int transportSequence) {
    return (int) packets[place(transportSequence)] & (1 << BYTES_BITS) - 1;
  }

  void forget(int transportSequence) {
    packets[place(transportSequence)] = NOTHING;
  }

  private static int place(int transportSequence) {
    return transportSequence & REMEMBERED - 1;
  }

  private static int high(int transportSequence) {
    return transportSequence >> 10 & (1 << NUMBER_BITS) - 1;
  }
}
