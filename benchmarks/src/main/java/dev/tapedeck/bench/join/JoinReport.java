package dev.tapedeck.bench.join;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.JoinTimes;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.Rounded;
import dev.tapedeck.bench.load.RunSections;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Spread;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All rounds of one call; figures are medians of the rounds, waits are those of all joins. */
record JoinReport(JoinOptions options, List<JoinRound> rounds, ServerSide server, Machine machine)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MENTIONED_MILLIS = 0.01;

  JoinReport {
    rounds = List.copyOf(rounds);
  }

  @Override
  public String title() {
    return "Tapedeck: storms of " + options.joins() + " joins while a room plays";
  }

  @Override
  public String verdict() {
    return rounds.stream().flatMap(round -> List.of(round.quiet(), round.storm()).stream()).map(LoadRun::verdict)
        .filter(verdict -> !verdict.equals("ok")).findFirst().orElse("ok");
  }

  private double median(ToDoubleFunction<JoinRound> figure) {
    return Spread.of(rounds.stream().map(figure::applyAsDouble).toList()).median();
  }

  private JoinTimes times() {
    return JoinTimes.of(rounds.stream().flatMap(round -> round.times().sorted().stream()).toList());
  }

  private Map<String, Double> byThread() {
    Map<String, Double> millis = new TreeMap<>();
    rounds.getLast().storm().threadNanos().keySet().forEach(
        name -> millis.put(name, median(round -> round.cpuMillisByThread().getOrDefault(name, 0.0))));
    millis.values().removeIf(value -> Math.abs(value) < MENTIONED_MILLIS);
    return millis;
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("joins", options.joins());
    root.put("at_once", options.atOnce());
    root.put("rehearsal", options.rehearsal());
    root.put("cpu_ms_per_join", Rounded.thousandth(median(JoinRound::cpuMillisPerJoin)));
    root.put("cpu_ms_per_join_without_jit", Rounded.thousandth(median(JoinRound::cpuMillisPerJoinCompiled)));
    root.put("joins_per_core_second", Rounded.tenth(median(JoinRound::joinsPerCoreSecond)));
    times().putInto(root);
    root.put("media_p99_us_quiet", Rounded.tenth(median(round -> round.quiet().latency().worstP99Micros())));
    root.put("media_p99_us_storm", Rounded.tenth(median(round -> round.storm().latency().worstP99Micros())));
    root.put("media_p99_storm_over_quiet", Rounded.thousandth(median(JoinRound::latencyRatio)));
    root.put("relay_p99_us_quiet", Rounded.tenth(median(round -> round.quiet().latency().relay().p99Micros())));
    root.put("relay_p99_us_storm", Rounded.tenth(median(round -> round.storm().latency().relay().p99Micros())));
    root.put("generator_bound", rounds.stream().anyMatch(round -> round.storm().generator().bound().isPresent()));
    root.put("verdict", verdict());
    ObjectNode threads = root.putObject("cpu_ms_per_join_by_thread");
    byThread().forEach((name, millis) -> threads.put(name, Rounded.thousandth(millis)));
    server.putInto(root);
    machine.putInto(root);
    for (JoinRound round : rounds) {
      ObjectNode node = root.withArray("rounds").addObject();
      node.put("cpu_ms_per_join", Rounded.thousandth(round.cpuMillisPerJoin()));
      node.put("storm_seconds", Rounded.thousandth(round.storm().seconds()));
      round.times().putInto(node);
      round.quiet().putInto(node.putObject("quiet"));
      round.storm().putInto(node.putObject("storm"));
    }
    return root.toString();
  }

  @Override
  public String toText() {
    return String.format(Locale.ROOT, "%.2f ms CPU per join (%.2f without the JIT), %.0f joins per core-second, joined in"
            + " %.0f ms (99 %%: %.0f ms), media p99 %.0f us quiet, %.0f us in the storm (%s)",
        median(JoinRound::cpuMillisPerJoin), median(JoinRound::cpuMillisPerJoinCompiled),
        median(JoinRound::joinsPerCoreSecond), times().millis(0.50), times().millis(0.99),
        median(round -> round.quiet().latency().worstP99Micros()),
        median(round -> round.storm().latency().worstP99Micros()), verdict());
  }

  @Override
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section.Table("Joins", "Medians of " + rounds.size() + " rounds; what the playing room takes is taken"
        + " off.", List.of("", ""), List.of(
        List.of("CPU per join, ms", text(median(JoinRound::cpuMillisPerJoin))),
        List.of("of it without the JIT, ms", text(median(JoinRound::cpuMillisPerJoinCompiled))),
        List.of("joins per core-second", text(median(JoinRound::joinsPerCoreSecond))),
        List.of("media p99 in the storm over quiet", text(median(JoinRound::latencyRatio))))));
    sections.add(times().section());
    Map<String, Double> threads = byThread();
    sections.add(new Section.Bars("CPU per join by thread", "", "ms", List.copyOf(threads.keySet()),
        List.of(new Section.Part("CPU", List.copyOf(threads.values())))));
    Map<String, LoadRun> last = new LinkedHashMap<>();
    last.put("quiet", rounds.getLast().quiet());
    last.put("storm", rounds.getLast().storm());
    sections.addAll(RunSections.of(last));
    return sections;
  }

  private static String text(double figure) {
    return String.format(Locale.ROOT, "%,.2f", figure);
  }
}
