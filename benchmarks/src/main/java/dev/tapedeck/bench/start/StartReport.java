package dev.tapedeck.bench.start;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The middle and the ends of many starts. @param starts by the way they were done; none is empty */
record StartReport(Map<String, List<OneStart>> starts) implements Findings {
  private record Figure(String name, String label, ToDoubleFunction<OneStart> millis) {
    Spread of(List<OneStart> starts) {
      return Spread.of(starts.stream().map(millis::applyAsDouble).toList());
    }
  }

  private static final List<Figure> FIGURES = List.of(
      new Figure("ready_ms", "ready", OneStart::readyMillis), new Figure("joined_ms", "joined", OneStart::joinedMillis),
      new Figure("cpu_ms", "CPU", OneStart::cpuMillis));

  @Override
  public String title() {
    return "Tapedeck: from start to first join";
  }

  @Override
  public String verdict() {
    return "ok";
  }

  @Override
  public String toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    starts.forEach((way, list) -> {
      ObjectNode figures = root.putObject(way).put("starts", list.size());
      for (Figure figure : FIGURES) {
        Spread spread = figure.of(list);
        figures.putObject(figure.name()).put("median", Math.round(spread.median()))
            .put("lowest", Math.round(spread.lowest())).put("highest", Math.round(spread.highest()));
      }
    });
    return root.toString();
  }

  @Override
  public String toText() {
    List<String> lines = new ArrayList<>();
    starts.forEach((way, list) -> {
      for (Figure figure : FIGURES) {
        Spread spread = figure.of(list);
        lines.add(String.format(Locale.ROOT, "%-5s  %-9s  %6.0f  (%.0f - %.0f)", way, figure.name(), spread.median(),
            spread.lowest(), spread.highest()));
      }
    });
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public List<Section> sections() {
    List<String> ways = List.copyOf(starts.keySet());
    List<Section> sections = new ArrayList<>();
    for (Figure figure : FIGURES) {
      sections.add(new Section.Bars(figure.label(), "Median.", "ms", ways,
          List.of(new Section.Part(figure.label(), ways.stream().map(way -> figure.of(starts.get(way)).median()).toList()))));
    }
    starts.forEach((way, list) -> sections.add(table(way, list)));
    return sections;
  }

  private static Section table(String way, List<OneStart> starts) {
    return new Section.Table(way, starts.size() + " starts.", List.of("", "median, ms", "lowest", "highest"),
        FIGURES.stream().map(figure -> row(figure, figure.of(starts))).toList());
  }

  private static List<String> row(Figure figure, Spread spread) {
    return List.of(figure.label(), rounded(spread.median()), rounded(spread.lowest()), rounded(spread.highest()));
  }

  private static String rounded(double millis) {
    return Long.toString(Math.round(millis));
  }
}
