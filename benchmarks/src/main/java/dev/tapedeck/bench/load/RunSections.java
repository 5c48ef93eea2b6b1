package dev.tapedeck.bench.load;

import dev.tapedeck.bench.latency.Delays;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Section.Axis;
import dev.tapedeck.bench.report.Section.Bars;
import dev.tapedeck.bench.report.Section.Line;
import dev.tapedeck.bench.report.Section.Lines;
import dev.tapedeck.bench.report.Section.Part;
import dev.tapedeck.bench.report.Section.Point;
import dev.tapedeck.bench.report.Section.Scale;
import dev.tapedeck.bench.report.Section.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What reports of different loads have in common. */
public final class RunSections {
  private static final int PLOTTED_LATENCIES = 3;

  private RunSections() {}

  /**
   * Tables and plots of some windows.
   *
   * @param runs by name, in the order of the report
   */
  public static List<Section> of(Map<String, LoadRun> runs) {
    List<Section> sections = new ArrayList<>();
    sections.add(overview(runs));
    sections.add(threads(runs));
    runs.entrySet().stream().filter(run -> hasLatency(run.getValue()))
        .skip(Math.max(0, runs.size() - PLOTTED_LATENCIES))
        .forEach(run -> sections.add(distribution(run.getKey(), run.getValue())));
    if (runs.values().stream().anyMatch(RunSections::hasLatency)) {
      sections.add(delays(runs));
    }
    sections.add(clients(runs));
    return sections;
  }

  private static boolean hasLatency(LoadRun run) {
    return run.latency().subscribers().values().stream().anyMatch(delays -> delays.count() > 0);
  }

  private static Table overview(Map<String, LoadRun> runs) {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach((name, run) -> rows.add(List.of(name, number("%.2f", run.cpuMicrosPerPacket()),
        number("%,.0f", run.packetsPerSecond()), number("%,d", run.traffic().packets()),
        number("%,d", run.traffic().lost()),
        run.systemCallsPerPacket().isEmpty() ? "" : number("%.3f", run.systemCallsPerPacket().getAsDouble()),
        number("%.3f", run.contextSwitchesPerPacket()), number("%.1f %%", 100 * run.workersWaitedShare()),
        run.verdict())));
    return new Table("Overview", "CPU is user and system time of the whole server process over the packets that reached"
        + " the subscribers.", List.of("", "µs CPU per packet", "packets/s", "packets", "lost", "system calls per packet",
        "context switches per packet", "workers waited for a CPU", "verdict"), rows);
  }

  private static Bars threads(Map<String, LoadRun> runs) {
    Map<String, Double> sums = new TreeMap<>();
    runs.values().forEach(run -> run.threadMicrosPerPacket().forEach(
        (name, micros) -> sums.merge(name, micros, Double::sum)));
    List<Part> parts = sums.keySet().stream()
        .sorted(Comparator.comparing(sums::get, Comparator.reverseOrder()))
        .map(name -> new Part(name, runs.values().stream()
            .map(run -> run.threadMicrosPerPacket().getOrDefault(name, 0.0)).toList()))
        .toList();
    return new Bars("CPU by thread", "", "µs per forwarded packet", List.copyOf(runs.keySet()), parts);
  }

  private static Lines distribution(String name, LoadRun run) {
    Map<String, Delays> paths = new LinkedHashMap<>();
    run.latency().subscribers().forEach((subscriber, delays) -> paths.put(subscriber + " subscriber", delays));
    paths.put("plain relay", run.latency().relay());
    List<Line> lines = new ArrayList<>();
    paths.forEach((path, delays) -> lines.add(new Line(path, delays.curve().stream()
        .filter(point -> point.micros() > 0)
        .map(point -> new Point(point.share(), point.micros())).toList())));
    return new Lines("Latency, " + name, "From the planned send time to arrival. What the relay takes, the machine takes of"
        + " any path.", new Axis("share of packets that took so long at most", Scale.NINES),
        new Axis("µs", Scale.LOGARITHMIC), lines);
  }

  private static Table delays(Map<String, LoadRun> runs) {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach((name, run) -> {
      if (!hasLatency(run)) {
        return;
      }
      Delays relay = run.latency().relay();
      rows.add(List.of(name, "plain relay", micros(relay.p50Micros()), micros(relay.p99Micros()),
          micros(relay.p999Micros()), micros(relay.maxMicros())));
      run.latency().subscribers().forEach((subscriber, delays) -> {
        Delays.Added added = delays.beyond(relay);
        rows.add(List.of("", subscriber + ", added", micros(added.p50Micros()), micros(added.p99Micros()),
            micros(added.p999Micros()), micros(added.maxMicros())));
      });
    });
    return new Table("Added latency, µs", "Differences of percentiles between the path through the server and the one"
        + " through the relay.", List.of("", "path", "p50", "p99", "p99.9", "longest"), rows);
  }

  private static Table clients(Map<String, LoadRun> runs) {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach((name, run) -> rows.add(List.of(name, number("%d", run.sessions()),
        number("%.2f", run.generator().cpuNanos() / 1e9 / run.generator().seconds()),
        number("%.0f %%", 100 * run.generator().busiestShare()),
        number("%.2f", run.generator().microsPerCountedPacket()), number("%,d", run.generator().drops()),
        number("%,d", run.traffic().checked()), number("%,d", run.traffic().broken()))));
    return new Table("The load generator", "It is the bottleneck when a socket of its own overflows, when one of its"
        + " threads has no time left, or when it sends less than planned.", List.of("", "receiving sessions", "cores used",
        "busiest thread", "µs per received packet", "dropped", "packets checked", "of them broken"), rows);
  }

  private static String micros(double value) {
    return number("%,.0f", value);
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
