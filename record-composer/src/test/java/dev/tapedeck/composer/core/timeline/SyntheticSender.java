package dev.tapedeck.composer.core.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A sender with clocks of its own and a network in front of the node: what a tape of it would hold, and the truth.
 *
 * <p>True time runs from 0; the node's monotonic clock is true time plus a constant, so that errors are plain numbers.
 */
final class SyntheticSender {
  static final long NODE_START_NANOS = 777_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final RandomGenerator random;
  private final double mediaSkew;
  private final double ntpSkew;
  private final long ntpStartNanos;

  long baseDelayNanos = 20_000_000L;
  long jitterNanos = 30_000_000L;
  double lossRate;
  double duplicateRate;
  boolean sendsReports = true;
  long reportEveryNanos = 5 * SECOND;
  long reportNoiseNanos = 5_000_000L;

  SyntheticSender(RandomGenerator random, double mediaSkew, double ntpSkew) {
    this.random = random;
    this.mediaSkew = mediaSkew;
    this.ntpSkew = ntpSkew;
    this.ntpStartNanos = 1_900_000_000L * SECOND + random.nextLong(1_000_000 * SECOND);
  }

  /** One track's packets as taped, with the true capture time of each timestamp. */
  record Taped(RtpSequence packets, List<SenderReport> reports, long firstTimestamp, int clockRate, double mediaSkew) {

    /** True time at which the media of an unwrapped timestamp was captured. */
    double trueNanos(long rtpTime) {
      return (rtpTime - firstTimestamp) / (double) clockRate * SECOND / (1 + mediaSkew);
    }
  }

  private record Arrival(long atNanos, int sequence, int timestamp) {}

  /** Sends a packet every {@code everyNanos} for {@code durationNanos}. */
  Taped send(int clockRate, long everyNanos, long durationNanos) {
    long firstTimestamp = random.nextLong(1L << 32);
    int firstSequence = random.nextInt(1 << 16);
    List<Arrival> arrivals = new ArrayList<>();
    int count = (int) (durationNanos / everyNanos);
    for (int i = 0; i < count; i++) {
      long trueNanos = i * everyNanos;
      if (i > 0 && random.nextDouble() < lossRate) {
        continue;
      }
      Arrival arrival = new Arrival(trueNanos + delay(), firstSequence + i, timestampAt(firstTimestamp, trueNanos,
          clockRate));
      arrivals.add(arrival);
      if (random.nextDouble() < duplicateRate) {
        arrivals.add(new Arrival(arrival.atNanos + delay(), arrival.sequence, arrival.timestamp));
      }
    }
    arrivals.sort((a, b) -> Long.compare(a.atNanos, b.atNanos));
    RtpReorder reorder = new RtpReorder();
    for (Arrival arrival : arrivals) {
      reorder.add(arrival.sequence & 0xFFFF, arrival.timestamp, NODE_START_NANOS + arrival.atNanos, 0, 12);
    }
    RtpSequence packets = reorder.order(clockRate);
    // The unwrapped count may start anywhere; the true first timestamp is the one of packet 0, which is never lost.
    return new Taped(packets, reports(firstTimestamp, clockRate, durationNanos), packets.rtpTime(0), clockRate,
        mediaSkew);
  }

  private List<SenderReport> reports(long firstTimestamp, int clockRate, long durationNanos) {
    List<SenderReport> reports = new ArrayList<>();
    long first = random.nextLong(reportEveryNanos);
    for (long trueNanos = first; sendsReports && trueNanos < durationNanos; trueNanos += reportEveryNanos) {
      long noise = Math.round(random.nextGaussian() * reportNoiseNanos);
      long ntp = ntpStartNanos + Math.round(trueNanos * (1 + ntpSkew)) + noise;
      reports.add(new SenderReport(ntp, timestampAt(firstTimestamp, trueNanos, clockRate),
          NODE_START_NANOS + trueNanos + delay()));
    }
    return reports;
  }

  private int timestampAt(long first, long trueNanos, int clockRate) {
    return (int) (first + Math.round(trueNanos * (1 + mediaSkew) / SECOND * clockRate));
  }

  private long delay() {
    double exponential = -Math.log(1 - random.nextDouble());
    return baseDelayNanos + Math.min(Math.round(exponential * jitterNanos), 10 * jitterNanos);
  }
}
