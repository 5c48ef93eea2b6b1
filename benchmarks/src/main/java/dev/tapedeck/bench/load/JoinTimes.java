package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.report.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long clients waited to get in, from the shortest wait to the longest. */
public record JoinTimes(List<Duration> sorted) {
  private static final double NANOS_PER_MILLI = 1e6;

  public JoinTimes {
    sorted = sorted.stream().sorted().toList();
  }

  /** @param waits one or more, in any order */
  public static JoinTimes of(List<Duration> waits) {
    return new JoinTimes(waits);
  }

  /** @param share of the clients that waited no longer, 0..1 */
  public double millis(double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1).toNanos() / NANOS_PER_MILLI;
  }

  public void putInto(ObjectNode json) {
    json.put("join_ms_p50", Rounded.thousandth(millis(0.50)));
    json.put("join_ms_p99", Rounded.thousandth(millis(0.99)));
  }

  /** The distribution as a plot. */
  public Section section() {
    List<Section.Point> points = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      points.add(new Section.Point(
          sorted.get(i).toNanos() / NANOS_PER_MILLI, 100.0 * (i + 1) / sorted.size()));
    }
    return new Section.Lines("Joins", "From the request to the first packet: HTTP, ICE and DTLS of both sides.",
        Section.Axis.linear("ms"), Section.Axis.linear("% of joins that took so long at most"),
        List.of(new Section.Line("joins", points)));
  }
}
