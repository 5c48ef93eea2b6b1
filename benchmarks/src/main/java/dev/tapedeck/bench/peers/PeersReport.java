package dev.tapedeck.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.Rounded;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.JsonSections;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All rounds of a comparison: figures of each system, and what this project's are divided by the others'. */
final class PeersReport implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();
  /** Losses, single longest ways and the relay say something about a run; a quotient of them says nothing. */
  private static final Set<String> WITHOUT_RATIO = Set.of("lost_packets", "longest_us", "relay_us_p99");

  private final LoadShape shape;
  private final String profile;
  private final double windowSeconds;
  private final Map<String, Measured> systems = new LinkedHashMap<>();
  private final Map<String, String> missing;
  private final Machine machine;

  private record Measured(PeerSystem system, List<RoundFigures> rounds) {}

  /** @param missing systems that were asked for and not found, with what to install */
  PeersReport(LoadShape shape, String profile, double windowSeconds, Map<String, String> missing, Machine machine) {
    this.shape = shape;
    this.profile = profile;
    this.windowSeconds = windowSeconds;
    this.missing = Map.copyOf(missing);
    this.machine = machine;
  }

  void add(PeerSystem system, RoundFigures round) {
    systems.computeIfAbsent(system.name(), name -> new Measured(system, new ArrayList<>())).rounds.add(round);
  }

  @Override
  public String title() {
    return "Side by side";
  }

  /** What speaks against the figures of any system. */
  @Override
  public String verdict() {
    Set<String> doubts = new TreeSet<>();
    systems.forEach((name, measured) -> measured.rounds.stream().map(RoundFigures::verdict)
        .filter(verdict -> !verdict.equals("ok")).forEach(verdict -> doubts.add(name + ": " + verdict)));
    return doubts.isEmpty() ? "ok" : String.join("; ", doubts);
  }

  @Override
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(bars("CPU per forwarded packet", "cpu_us_per_forwarded_packet"));
    sections.add(bars("Added latency, 99 % of packets at most", "added_latency_us_p99"));
    sections.addAll(JsonSections.of(toJson()));
    return sections;
  }

  private Section.Bars bars(String title, String figure) {
    List<Double> medians =
        systems.values().stream().map(measured -> spreads(measured.rounds).get(figure).median()).toList();
    return new Section.Bars(title, "Medians of the rounds.", "µs", List.copyOf(systems.keySet()),
        List.of(new Section.Part("median", medians)));
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("load")
        .put("kind", shape.kind().sdpName())
        .put("rooms", shape.rooms())
        .put("publishers", shape.publishers())
        .put("subscribers", shape.subscribers())
        .put("packets_per_second", shape.packetsPerSecond())
        .put("forwarded_per_second", shape.forwardedPerSecond())
        .put("srtp_profile", profile)
        .put("seconds", windowSeconds)
        .put("clients", "transport-cc feedback, receiver reports, no nack");
    root.put("verdict", verdict());
    machine.putInto(root);
    ObjectNode notFound = root.putObject("missing");
    missing.forEach(notFound::put);
    systems.forEach((name, measured) -> describe(root.withArray("systems").addObject(), name, measured));
    Measured ours = systems.get(PeersCommand.OURS);
    systems.forEach((name, theirs) -> {
      if (theirs != ours) {
        ObjectNode ratios = root.withArray("ratios").addObject().put("peer", name);
        ratios(ours, theirs).forEach((figure, spread) -> put(ratios.putObject(figure), spread));
      }
    });
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void describe(ObjectNode json, String name, Measured measured) {
    json.put("name", name).put("description", measured.system.description());
    measured.system.startUp().ifPresent(took -> json.put("start_up_ms", took.toMillis()));
    ObjectNode figures = json.putObject("figures");
    spreads(measured.rounds).forEach((figure, spread) -> put(figures.putObject(figure), spread));
    for (RoundFigures round : measured.rounds) {
      ObjectNode one = json.withArray("rounds").addObject()
          .put("forwarded", round.count().packets()).put("verdict", round.verdict());
      round.byName().forEach((figure, value) -> one.put(figure, Rounded.thousandth(value)));
      ObjectNode threads = one.putObject("cpu_us_by_thread");
      round.threadMicrosPerPacket().forEach((thread, micros) -> threads.put(thread, Rounded.thousandth(micros)));
    }
  }

  private static Map<String, Spread> spreads(List<RoundFigures> rounds) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    rounds.forEach(round -> round.byName().forEach(
        (figure, value) -> values.computeIfAbsent(figure, name -> new ArrayList<>()).add(value)));
    Map<String, Spread> spreads = new LinkedHashMap<>();
    values.forEach((figure, all) -> spreads.put(figure, Spread.of(all)));
    return spreads;
  }

  /** Round by round, so that what the machine does to both sides of a round falls out; differences of percentiles that
   *  came out below zero are noise and have none. */
  private static Map<String, Spread> ratios(Measured ours, Measured theirs) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(ours.rounds.size(), theirs.rounds.size()); i++) {
      Map<String, Double> mine = ours.rounds.get(i).byName();
      theirs.rounds.get(i).byName().forEach((figure, value) -> {
        if (mine.getOrDefault(figure, 0.0) > 0 && value > 0 && !WITHOUT_RATIO.contains(figure)) {
          values.computeIfAbsent(figure, name -> new ArrayList<>()).add(mine.get(figure) / value);
        }
      });
    }
    Map<String, Spread> ratios = new LinkedHashMap<>();
    values.forEach((figure, all) -> ratios.put(figure, Spread.of(all)));
    return ratios;
  }

  private static void put(ObjectNode json, Spread spread) {
    json.put("median", Rounded.thousandth(spread.median())).put("lowest", Rounded.thousandth(spread.lowest()))
        .put("highest", Rounded.thousandth(spread.highest()));
  }

  @Override
  public String toText() {
    StringBuilder text = new StringBuilder();
    systems.forEach((name, measured) -> {
      text.append(name).append(": ").append(measured.system.description()).append('\n');
      spreads(measured.rounds).forEach((figure, spread) -> text.append(line(figure, spread)));
    });
    Measured ours = systems.get(PeersCommand.OURS);
    systems.forEach((name, theirs) -> {
      if (theirs != ours) {
        text.append(PeersCommand.OURS).append(" / ").append(name).append('\n');
        ratios(ours, theirs).forEach((figure, spread) -> text.append(line(figure, spread)));
      }
    });
    return text.toString();
  }

  private static String line(String figure, Spread spread) {
    return String.format(Locale.ROOT, "  %-40s %10.3f (%.3f - %.3f)%n", figure, spread.median(), spread.lowest(),
        spread.highest());
  }
}
