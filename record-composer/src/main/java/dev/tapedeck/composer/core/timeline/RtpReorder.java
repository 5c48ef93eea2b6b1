package dev.tapedeck.composer.core.timeline;

import java.util.Arrays;

/**
 * Collects the packets of one SSRC over a whole session, in whatever order they were taped, and puts them into the
 * order in which they were sent.
 *
 * <p>It keeps positions, not bytes: 36 bytes per packet, whatever the packet's size. Owned by one thread.
 */
public final class RtpReorder {
  /** Widest span of unwrapped sequence numbers kept; beyond it a packet is an outlier, not media. */
  private static final long MAX_SPAN_PACKETS = 1L << 33;
  private static final int INDEX_BITS = 30;

  private int packets;
  private long highestSequence;
  private long firstSequence;
  private long outlierPackets;
  private long latePackets;

  private long[] sequences = new long[1024];
  private long[] arrivalsNanos = new long[1024];
  private long[] offsets = new long[1024];
  private int[] lengths = new int[1024];
  private int[] timestamps = new int[1024];

  /**
   * Takes the next packet as it was taped.
   *
   * @param sequenceNumber 16 bits as sent
   * @param rtpTimestamp   32 bits as sent
   * @param arrivalNanos   monotonic clock of the node
   * @param offset         where the packet's RTP header starts in the session's tape
   * @param length         bytes of header and payload
   */
  public void add(int sequenceNumber, int rtpTimestamp, long arrivalNanos, long offset, int length) {
    long sequence = unwrap(sequenceNumber);
    if (Math.abs(sequence - firstSequence) >= MAX_SPAN_PACKETS / 2 || packets == 1 << INDEX_BITS) {
      outlierPackets++;
      return;
    }
    if (packets == sequences.length) {
      grow();
    }
    sequences[packets] = sequence;
    timestamps[packets] = rtpTimestamp;
    arrivalsNanos[packets] = arrivalNanos;
    offsets[packets] = offset;
    lengths[packets] = length;
    packets++;
    latePackets += sequence < highestSequence ? 1 : 0;
    highestSequence = Math.max(highestSequence, sequence);
  }

  /**
   * The packets in sending order, each once; of duplicates the first taped stays.
   *
   * @param clockRate ticks per second of the RTP timestamps
   */
  public RtpSequence order(int clockRate) {
    long[] keys = new long[packets];
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < packets; i++) {
      lowest = Math.min(lowest, sequences[i]);
    }
    for (int i = 0; i < packets; i++) {
      keys[i] = (sequences[i] - lowest) << INDEX_BITS | i;
    }
    Arrays.sort(keys);
    return select(uniqueOf(keys), clockRate);
  }

  // RFC 3711 3.3.1 in spirit: the cycle that puts the number nearest to the highest seen.
  private long unwrap(int sequenceNumber) {
    if (packets == 0) {
      highestSequence = sequenceNumber & 0xFFFF;
      firstSequence = highestSequence;
      return highestSequence;
    }
    short distance = (short) (sequenceNumber - (int) highestSequence);
    return highestSequence + distance;
  }

  private int[] uniqueOf(long[] sortedKeys) {
    int[] order = new int[sortedKeys.length];
    int kept = 0;
    long previous = -1;
    for (long key : sortedKeys) {
      long sequence = key >> INDEX_BITS;
      if (sequence != previous) {
        order[kept++] = (int) (key & ((1 << INDEX_BITS) - 1));
      }
      previous = sequence;
    }
    return Arrays.copyOf(order, kept);
  }

  private RtpSequence select(int[] order, int clockRate) {
    int count = order.length;
    long[] sequence = new long[count];
    long[] rtpTime = new long[count];
    long[] arrival = new long[count];
    long[] offset = new long[count];
    int[] length = new int[count];
    for (int i = 0; i < count; i++) {
      int from = order[i];
      sequence[i] = sequences[from];
      arrival[i] = arrivalsNanos[from];
      offset[i] = offsets[from];
      length[i] = lengths[from];
      int timestamp = timestamps[from];
      rtpTime[i] = i == 0
          ? timestamp & 0xFFFF_FFFFL
          : RtpTime.unwrapNear(timestamp, rtpTime[i - 1], arrival[i] - arrival[i - 1], clockRate);
    }
    return new RtpSequence(clockRate, sequence, rtpTime, arrival, offset, length,
        new RtpSequence.Counts(count, packets - count, latePackets, outlierPackets));
  }

  private void grow() {
    int capacity = sequences.length * 2;
    sequences = Arrays.copyOf(sequences, capacity);
    arrivalsNanos = Arrays.copyOf(arrivalsNanos, capacity);
    offsets = Arrays.copyOf(offsets, capacity);
    lengths = Arrays.copyOf(lengths, capacity);
    timestamps = Arrays.copyOf(timestamps, capacity);
  }
}
