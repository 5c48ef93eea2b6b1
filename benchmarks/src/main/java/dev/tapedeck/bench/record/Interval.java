package dev.tapedeck.bench.record;

import dev.tapedeck.bench.report.Spread;
import java.util.List;

/**
 * Where the middle of what was measured lies, and with 95 % confidence the middle of what could be measured again and
 * again: by ranks, whatever the distribution.
 */
record Interval(double median, double from, double to) {
  private static final double NORMAL_QUANTILE = 1.96;

  /** @param values one or more, independent of each other */
  static Interval of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    double reach = NORMAL_QUANTILE * Math.sqrt(size) / 2;
    int from = (int) Math.floor(size / 2.0 - reach) - 1;
    int to = (int) Math.ceil(size / 2.0 + reach);
    return new Interval(Spread.of(values).median(), sorted.get(Math.max(0, from)), sorted.get(Math.min(size - 1, to)));
  }
}
