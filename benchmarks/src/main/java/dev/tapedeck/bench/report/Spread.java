package dev.tapedeck.bench.report;

import java.util.List;

/** What several rounds gave: the middle value, and how far the others lie from it. */
public record Spread(double median, double lowest, double highest) {

  /** @param values one or more */
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }
}
