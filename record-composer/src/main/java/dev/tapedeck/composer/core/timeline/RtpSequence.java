package dev.tapedeck.composer.core.timeline;

/**
 * The packets of one SSRC in sending order, each once, with unwrapped sequence numbers and timestamps.
 *
 * <p>Immutable; index 0 is the first packet sent. Bytes stay in the session's tape, found by offset and length.
 */
public final class RtpSequence {
  /**
   * What putting the packets into order found.
   *
   * @param packets          packets kept
   * @param duplicatePackets taped more than once, all but the first left out
   * @param latePackets      taped after a packet that was sent later
   * @param outlierPackets   with sequence numbers too far from all others to be the same stream
   */
  public record Counts(long packets, long duplicatePackets, long latePackets, long outlierPackets) {}

  private final int clockRate;
  private final long[] sequences;
  private final long[] rtpTimes;
  private final long[] arrivalsNanos;
  private final long[] offsets;
  private final int[] lengths;
  private final Counts counts;

  RtpSequence(int clockRate, long[] sequences, long[] rtpTimes, long[] arrivalsNanos, long[] offsets, int[] lengths,
      Counts counts) {
    this.clockRate = clockRate;
    this.sequences = sequences;
    this.rtpTimes = rtpTimes;
    this.arrivalsNanos = arrivalsNanos;
    this.offsets = offsets;
    this.lengths = lengths;
    this.counts = counts;
  }

  public int size() {
    return sequences.length;
  }

  public int clockRate() {
    return clockRate;
  }

  public Counts counts() {
    return counts;
  }

  /** Sequence number counted without wrapping; differences say how many packets were sent between two. */
  public long sequence(int index) {
    return sequences[index];
  }

  /** RTP timestamp counted without wrapping, in ticks of the clock rate. */
  public long rtpTime(int index) {
    return rtpTimes[index];
  }

  /** Monotonic time of the node at which the packet was taped. */
  public long arrivalNanos(int index) {
    return arrivalsNanos[index];
  }

  public long offset(int index) {
    return offsets[index];
  }

  public int length(int index) {
    return lengths[index];
  }

  /** Packets the sender numbered between this one and the one before and that are not on the tape. */
  public long missingBefore(int index) {
    return index == 0 ? 0 : sequences[index] - sequences[index - 1] - 1;
  }

  /** Packets missing between the first and the last. */
  public long missingPackets() {
    return size() == 0 ? 0 : sequences[size() - 1] - sequences[0] + 1 - size();
  }

  /**
   * Unwraps a timestamp that was not in a media packet (a sender report's) by the packet that arrived nearest to it.
   *
   * @return ticks on the same count as {@link #rtpTime}
   */
  public long unwrapAt(int rtpTimestamp, long atNanos) {
    if (size() == 0) {
      return rtpTimestamp & 0xFFFF_FFFFL;
    }
    int nearest = arrivedBy(atNanos);
    return RtpTime.unwrapNear(rtpTimestamp, rtpTimes[nearest], atNanos - arrivalsNanos[nearest], clockRate);
  }

  // Arrival is not strictly sorted in sending order; a neighbour a few packets off serves as well.
  private int arrivedBy(long atNanos) {
    int low = 0;
    int high = size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (arrivalsNanos[middle] <= atNanos) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
