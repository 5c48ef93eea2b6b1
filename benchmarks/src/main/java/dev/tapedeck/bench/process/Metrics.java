package dev.tapedeck.bench.process;

import java.util.Map;
import java.util.TreeMap;

/** One reading of a Prometheus page: values by name without {@code _total}, summed over labels. */
public record Metrics(Map<String, Double> values) {
  private static final String TOTAL = "_total";

  public Metrics {
    values = Map.copyOf(values);
  }

  public static Metrics parse(String page) {
    Map<String, Double> values = new TreeMap<>();
    page.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
      int space = line.lastIndexOf(' ');
      String name = line.substring(0, space);
      int labels = name.indexOf('{');
      String bare = labels < 0 ? name : name.substring(0, labels);
      String key = bare.endsWith(TOTAL) ? bare.substring(0, bare.length() - TOTAL.length()) : bare;
      values.merge(key, Double.parseDouble(line.substring(space + 1)), Double::sum);
    });
    return new Metrics(values);
  }

  /** How much each value has grown; what did not change is left out. */
  public Map<String, Double> since(Metrics before) {
    Map<String, Double> grown = new TreeMap<>();
    values.forEach((name, value) -> {
      double growth = value - before.values.getOrDefault(name, 0.0);
      if (growth != 0) {
        grown.put(name, growth);
      }
    });
    return grown;
  }

  /** @throws IllegalArgumentException if the page has no such line */
  public long get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the server has no metric " + name);
    }
    return Math.round(value);
  }
}
