package dev.tapedeck.bench.start;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The middle and the ends of many starts. @param starts by the way they were done; none is empty */
record StartReport(Map<String, List<OneStart>> starts) {
  private static final Map<String, ToDoubleFunction<OneStart>> FIGURES = Map.of(
      "ready_ms", OneStart::readyMillis, "joined_ms", OneStart::joinedMillis, "cpu_ms", OneStart::cpuMillis);
  private static final List<String> ORDER = List.of("ready_ms", "joined_ms", "cpu_ms");

  String toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    starts.forEach((way, list) -> {
      ObjectNode figures = root.putObject(way).put("starts", list.size());
      for (String figure : ORDER) {
        double[] sorted = sorted(list, figure);
        figures.putObject(figure)
            .put("median", Math.round(median(sorted)))
            .put("lowest", Math.round(sorted[0]))
            .put("highest", Math.round(sorted[sorted.length - 1]));
      }
    });
    return root.toString();
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    starts.forEach((way, list) -> {
      for (String figure : ORDER) {
        double[] sorted = sorted(list, figure);
        text.append("%-5s  %-9s  %6.0f  (%.0f - %.0f)%n".formatted(
            way, figure, median(sorted), sorted[0], sorted[sorted.length - 1]));
      }
    });
    return text.toString();
  }

  private static double[] sorted(List<OneStart> list, String figure) {
    return list.stream().mapToDouble(FIGURES.get(figure)).sorted().toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
