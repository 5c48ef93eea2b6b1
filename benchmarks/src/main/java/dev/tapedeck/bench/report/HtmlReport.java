package dev.tapedeck.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * Writes findings as one HTML file that needs no network: Chart.js draws the plots and stands in the file, as do style,
 * data and the JSON.
 */
public final class HtmlReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEBJAR = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
  private static final String LIBRARY = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * When, where and by what command figures were taken.
   *
   * @param commandLine that gives them again
   */
  public record Occasion(Machine machine, String commandLine, Instant at) {}

  private HtmlReport() {}

  public static void write(Path file, Findings findings, Occasion occasion) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Files.writeString(file, render(findings, occasion));
  }

  static String render(Findings findings, Occasion occasion) throws IOException {
    StringBuilder body = new StringBuilder();
    StringBuilder plots = new StringBuilder();
    List<Section> sections = findings.sections();
    for (int i = 0; i < sections.size(); i++) {
      body.append(section(sections.get(i), i));
      if (!(sections.get(i) instanceof Section.Table)) {
        plots.append(plots.isEmpty() ? "" : ",\n").append(plot(sections.get(i), i));
      }
    }
    boolean isGood = findings.verdict().equals("ok");
    // The library comes last: nothing in it is to be taken for a place of ours.
    return resource("/dev/tapedeck/bench/report/report.html")
        .replace("@title@", escaped(findings.title()))
        .replace("@verdict@", escaped(findings.verdict()))
        .replace("@verdictClass@", isGood ? "good" : "bad")
        .replace("@command@", escaped(occasion.commandLine))
        .replace("@occasion@", escaped(occasion(occasion)))
        .replace("@style@", resource("/dev/tapedeck/bench/report/report.css"))
        .replace("@sections@", body)
        .replace("@json@", escaped(pretty(findings.toJson())))
        .replace("@plots@", "[" + plots + "]")
        .replace("@script@", resource("/dev/tapedeck/bench/report/report.js"))
        .replace("@library@", library());
  }

  private static String occasion(Occasion occasion) {
    Machine machine = occasion.machine;
    return String.format(Locale.ROOT, "%s · %s, %d cores, %,d MiB · %s · %s · load %.1f at the start",
        DATE.format(occasion.at), machine.cpu(), machine.cores(), machine.memoryMebibytes(), machine.kernel(),
        machine.jdk(), machine.load());
  }

  private static String section(Section section, int number) {
    String note = section.note().isEmpty() ? "" : "<p class=\"note\">" + escaped(section.note()) + "</p>\n";
    String content = section instanceof Section.Table table
        ? table(table)
        : "<div class=\"plot\"><canvas id=\"plot" + number + "\" role=\"img\" aria-label=\""
            + escaped(section.title()) + "\"></canvas></div>\n";
    return "<section>\n<h2>" + escaped(section.title()) + "</h2>\n" + note + content + "</section>\n";
  }

  private static String table(Section.Table table) {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table>\n");
    if (table.head().stream().anyMatch(cell -> !cell.isEmpty())) {
      html.append("<thead>").append(row(table.head(), "th")).append("</thead>\n");
    }
    html.append("<tbody>\n");
    table.rows().forEach(row -> html.append(row(row, "td")));
    return html.append("</tbody>\n</table></div>\n").toString();
  }

  private static String row(List<String> cells, String element) {
    StringBuilder html = new StringBuilder("<tr>");
    for (String cell : cells) {
      boolean isNumber = cell.matches("[-+]?[\\d,. ]*\\d[\\d,.]*( ?%)?");
      html.append('<').append(element).append(isNumber ? " class=\"number\">" : ">").append(escaped(cell))
          .append("</").append(element).append('>');
    }
    return html.append("</tr>\n").toString();
  }

  private static String plot(Section section, int number) {
    ObjectNode plot = JSON.createObjectNode().put("id", "plot" + number);
    switch (section) {
      case Section.Lines lines -> {
        plot.put("kind", "lines");
        put(plot.putObject("x"), lines.x());
        put(plot.putObject("y"), lines.y());
        for (Section.Line line : lines.lines()) {
          ObjectNode series = plot.withArray("series").addObject().put("name", line.name());
          line.points().forEach(
              point -> series.withArray("points").addObject().put("x", point.x()).put("y", point.y()));
        }
      }
      case Section.Bars bars -> {
        plot.put("kind", "bars").put("unit", bars.unit());
        bars.groups().forEach(plot.withArray("groups")::add);
        for (Section.Part part : bars.parts()) {
          ObjectNode series = plot.withArray("series").addObject().put("name", part.name());
          part.values().forEach(series.withArray("values")::add);
        }
      }
      case Section.Table table -> throw new IllegalArgumentException("a table is no plot: " + table.title());
    }
    // What ends a script element in HTML is no longer that.
    return plot.toString().replace("</", "<\\/");
  }

  private static void put(ObjectNode node, Section.Axis axis) {
    node.put("label", axis.label()).put("scale", axis.scale().name().toLowerCase(Locale.ROOT));
  }

  private static String pretty(String json) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json));
  }

  private static String library() throws IOException {
    Properties webjar = new Properties();
    try (InputStream in = HtmlReport.class.getResourceAsStream(WEBJAR)) {
      if (in == null) {
        throw new IOException("Chart.js is not on the class path");
      }
      webjar.load(in);
    }
    return resource(String.format(LIBRARY, webjar.getProperty("version")));
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no " + path + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
