package dev.tapedeck.bench.conference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.Rounded;
import dev.tapedeck.bench.load.RunSections;
import dev.tapedeck.bench.load.SendRuns;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.report.Section;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All arrangements that one call has measured; the top level of the JSON speaks of the last. */
record ConferenceReport(String title, List<ConferenceRun> runs, int warmUpSeconds, ServerSide server, Machine machine)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  ConferenceReport {
    runs = List.copyOf(runs);
  }

  @Override
  public String verdict() {
    return runs.stream().map(run -> run.load().verdict()).filter(verdict -> !verdict.equals("ok"))
        .findFirst().orElse("ok");
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    put(root, runs.getLast());
    root.put("verdict", verdict());
    root.put("warm_up_seconds", warmUpSeconds);
    root.put("cpu_highest_over_lowest", Rounded.thousandth(highestOverLowest()));
    server.putInto(root);
    machine.putInto(root);
    runs.forEach(run -> put(root.withArray("runs").addObject(), run));
    return root.toString();
  }

  /** How far the arrangements lie apart in CPU per packet. */
  private double highestOverLowest() {
    DoubleSummaryStatistics cpu =
        runs.stream().mapToDouble(run -> run.load().cpuMicrosPerPacket()).summaryStatistics();
    return cpu.getMax() / cpu.getMin();
  }

  private static void put(ObjectNode json, ConferenceRun run) {
    Conference conference = run.conference();
    json.put("rooms", conference.rooms());
    json.put("people", conference.people());
    json.put("sessions", 2 * conference.persons());
    json.put("voices", conference.hasVoice());
    json.put("picture_packets_per_second", conference.picturePacketsPerSecond());
    run.load().putInto(json);
    run.memory().putInto(json);
  }

  @Override
  public String toText() {
    return String.format(Locale.ROOT, "%s, %d arrangements, highest over lowest CPU per packet %.2f", server.toText(),
        runs.size(), highestOverLowest());
  }

  @Override
  public List<Section> sections() {
    Map<String, LoadRun> named = new LinkedHashMap<>();
    runs.forEach(run -> named.put(name(run), run.load()));
    List<Section> sections = new ArrayList<>(RunSections.of(named));
    sendRuns().ifPresent(table -> sections.add(1, table));
    sections.add(runs.getLast().memory().section("session"));
    return sections;
  }

  private static String name(ConferenceRun run) {
    return run.conference().rooms() + (run.conference().rooms() == 1 ? " room of " : " rooms of ")
        + run.conference().people();
  }

  private Optional<Section> sendRuns() {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach(run -> SendRuns.of(run.load()).ifPresent(sends -> rows.add(List.of(name(run),
        String.format(Locale.ROOT, "%.2f", sends.packetsPerMessage()),
        String.format(Locale.ROOT, "%.1f %%", 100 * sends.longerThanOneShare())))));
    return rows.isEmpty() ? Optional.empty() : Optional.of(new Section.Table("Egress runs", "Packets of equal size to one"
        + " receiver that leave in one message, by the server's own counters.",
        List.of("", "packets per message", "messages with more than one"), rows));
  }
}
