package dev.tapedeck.bench.latency;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How long packets took, in microseconds.
 *
 * @param count of packets; without any the other values are 0
 * @param curve points of the distribution from the shortest delay to the longest
 */
public record Delays(
    long count, double p50Micros, double p99Micros, double p999Micros, double maxMicros, List<Point> curve) {
  public static final Delays NONE = new Delays(0, 0, 0, 0, 0, List.of());

  private static final double NANOS_PER_MICRO = 1000;
  private static final double PERCENT = 100;
  /** Points each time the share of slower packets halves. */
  private static final int POINTS_PER_HALVING = 3;

  /** @param share of packets that took so long at most, 0..1 */
  public record Point(double share, double micros) {}

  public Delays {
    curve = List.copyOf(curve);
  }

  static Delays of(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return NONE;
    }
    List<Point> curve = new ArrayList<>();
    // What happened once in so many packets says nothing of what happens less often.
    double highestShare = 1 - 1.0 / histogram.getTotalCount();
    for (HistogramIterationValue point : histogram.percentiles(POINTS_PER_HALVING)) {
      curve.add(new Point(Math.min(highestShare, point.getPercentileLevelIteratedTo() / PERCENT),
          point.getValueIteratedTo() / NANOS_PER_MICRO));
    }
    return new Delays(histogram.getTotalCount(), micros(histogram, 50), micros(histogram, 99),
        micros(histogram, 99.9), histogram.getMaxValue() / NANOS_PER_MICRO, curve);
  }

  private static double micros(Histogram histogram, double percent) {
    return histogram.getValueAtPercentile(percent) / NANOS_PER_MICRO;
  }

  /** What this path takes more than another, percentile by percentile. */
  public Added beyond(Delays other) {
    return new Added(p50Micros - other.p50Micros, p99Micros - other.p99Micros, p999Micros - other.p999Micros,
        maxMicros - other.maxMicros);
  }

  /** Differences of two distributions; one of them may be below zero where both are noise. */
  public record Added(double p50Micros, double p99Micros, double p999Micros, double maxMicros) {}
}
