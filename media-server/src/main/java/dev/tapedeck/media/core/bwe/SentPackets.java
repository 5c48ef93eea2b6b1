package dev.tapedeck.media.core.bwe;

import java.util.Arrays;

/**
 * When the last packets left and how large they were, by transport-wide sequence number. Remembers few at first, for most
 * receivers are sent little, and more as soon as one would be forgotten within a second. Owned by the worker thread.
 */
final class SentPackets {
  /** Powers of two. At 1,000 packets a second feedback may be a second late. */
  private static final int FEWEST_REMEMBERED = 128;
  private static final int MOST_REMEMBERED = 1024;

  private static final long NOTHING = -1;
  private static final long GROWS_WITHIN_MICROS = 1_000_000;
  private static final int BYTES_BITS = 11;
  private static final int NUMBER_SHIFT = BYTES_BITS;
  private static final int NUMBER_BITS = 16;
  private static final int MICROS_SHIFT = NUMBER_SHIFT + NUMBER_BITS;
  private static final long MICROS_MASK = (1L << 63 - MICROS_SHIFT) - 1;

  /** Microseconds since the first packet 36, which is 19 hours; number 16; bytes 11. {@link #NOTHING} where none was sent. */
  private long[] packets = nothing(FEWEST_REMEMBERED);

  private long firstNanos = Long.MIN_VALUE;

  void note(int transportSequence, long nowNanos, int bytes) {
    if (firstNanos == Long.MIN_VALUE) {
      firstNanos = nowNanos;
    }
    long micros = (nowNanos - firstNanos) / 1_000 & MICROS_MASK;
    long before = packets[place(transportSequence)];
    if (before != NOTHING && packets.length < MOST_REMEMBERED
        && (micros - (before >> MICROS_SHIFT) & MICROS_MASK) < GROWS_WITHIN_MICROS) {
      grow();
    }
    packets[place(transportSequence)] = micros << MICROS_SHIFT
        | (long) transportSequence << NUMBER_SHIFT
        | Math.min(bytes, (1 << BYTES_BITS) - 1);
  }

  private void grow() {
    long[] fewer = packets;
    packets = nothing(2 * fewer.length);
    for (long packet : fewer) {
      if (packet != NOTHING) {
        packets[place(number(packet))] = packet;
      }
    }
  }

  boolean has(int transportSequence) {
    long packet = packets[place(transportSequence)];
    return packet != NOTHING && number(packet) == transportSequence;
  }

  /** Nanoseconds since the first packet, in steps of a microsecond; begins anew after 19 hours. Only if {@link #has}. */
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

  private int place(int transportSequence) {
    return transportSequence & packets.length - 1;
  }

  private static int number(long packet) {
    return (int) (packet >> NUMBER_SHIFT) & (1 << NUMBER_BITS) - 1;
  }

  private static long[] nothing(int places) {
    long[] packets = new long[places];
    Arrays.fill(packets, NOTHING);
    return packets;
  }
}
