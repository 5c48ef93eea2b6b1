package dev.tapedeck.bench.overload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.Rounded;
import dev.tapedeck.bench.load.RunSections;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.report.Section;
import dev.tapedeck.bench.report.Section.Axis;
import dev.tapedeck.bench.report.Section.Line;
import dev.tapedeck.bench.report.Section.Lines;
import dev.tapedeck.bench.report.Section.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The search for the capacity, and what is left of it when far more is offered.
 *
 * @param steps    in the order of offered load, one or more
 * @param overload the last and largest
 * @param verdicts how many recordings there are of each; empty if nothing was recorded
 */
record OverloadReport(OverloadOptions options, List<OverloadStep> steps, OverloadStep overload,
    Map<String, Integer> verdicts, ServerSide server, Machine machine) implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COMPLETE = "complete";

  OverloadReport {
    steps = List.copyOf(steps);
  }

  /** The step at which most arrived. */
  static OverloadStep peak(List<OverloadStep> steps) {
    return steps.stream().max(Comparator.comparingDouble(OverloadStep::goodputPerSecond)).orElseThrow();
  }

  private double goodputOverPeak() {
    return overload.goodputPerSecond() / peak(steps).goodputPerSecond();
  }

  @Override
  public String title() {
    return "Tapedeck: " + options.overloadPercent() + " % of what it can carry";
  }

  @Override
  public String verdict() {
    if (overload.isGeneratorBound()) {
      return "the load generator was the bottleneck: " + overload.load().generator().bound().orElseThrow();
    }
    if (overload.load().traffic().broken() > 0) {
      return overload.load().traffic().broken() + " packets of the sample were not as sent";
    }
    if (steps.stream().noneMatch(OverloadStep::isOverloaded)) {
      return "all was carried in " + steps.size() + " steps: more can be, and nothing was overloaded";
    }
    return verdicts.keySet().stream().allMatch(COMPLETE::equals) ? "ok" : "recordings " + verdicts;
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("publishers", options.publishers());
    root.put("subscribers", options.subscribers());
    root.put("capacity_per_second", Math.round(peak(steps).goodputPerSecond()));
    root.put("offered_at_peak_per_second", Math.round(peak(steps).offeredPerSecond()));
    root.put("goodput_over_peak", Rounded.thousandth(goodputOverPeak()));
    root.put("overload_percent", options.overloadPercent());
    root.put("audio_loss", rounded(overload.audioLoss()));
    root.put("video_loss", rounded(overload.videoLoss()));
    root.put("taped_share", rounded(overload.taped()));
    root.put("recording_complete", !verdicts.isEmpty() && verdicts.keySet().stream().allMatch(COMPLETE::equals));
    ObjectNode counts = root.putObject("verdicts");
    verdicts.forEach(counts::put);
    root.put("generator_bound", overload.isGeneratorBound());
    root.put("verdict", verdict());
    server.putInto(root);
    machine.putInto(root);
    steps.forEach(step -> put(root.withArray("steps").addObject(), step));
    put(root.putObject("overload"), overload);
    return root.toString();
  }

  private static void put(ObjectNode json, OverloadStep step) {
    json.put("picture_packets_per_second", step.picturePacketsPerSecond());
    json.put("offered_per_second", Math.round(step.offeredPerSecond()));
    json.put("goodput_per_second", Math.round(step.goodputPerSecond()));
    json.put("audio_loss", rounded(step.audioLoss()));
    json.put("video_loss", rounded(step.videoLoss()));
    json.put("taped_share", rounded(step.taped()));
    json.put("worker_cores", Rounded.thousandth(step.workerCores()));
    step.load().putInto(json);
  }

  private static double rounded(double share) {
    return Math.round(share * 1e6) / 1e6;
  }

  @Override
  public String toText() {
    return String.format(Locale.ROOT, "capacity %,.0f packets/s; at %d %% offered: goodput %.3f of it, audio loss %.2f %%,"
            + " video loss %.2f %%, taped %.2f %%, recordings %s (%s)",
        peak(steps).goodputPerSecond(), options.overloadPercent(), goodputOverPeak(), 100 * overload.audioLoss(),
        100 * overload.videoLoss(), 100 * overload.taped(), verdicts, verdict());
  }

  @Override
  public List<Section> sections() {
    List<OverloadStep> all = new ArrayList<>(steps);
    all.add(overload);
    all.sort(Comparator.comparingDouble(OverloadStep::offeredPerSecond));
    Axis offered = Axis.linear("packets offered per second");
    List<Section> sections = new ArrayList<>();
    sections.add(new Lines("Throughput against offered load", "Offered is what publishers sent, times those who watch"
        + " them.", offered, Axis.linear("packets arrived per second"), List.of(
        line("arrived", all, OverloadStep::goodputPerSecond),
        line("all that is offered", all, OverloadStep::offeredPerSecond))));
    sections.add(new Lines("Loss", "", offered, Axis.linear("% lost"), List.of(
        line("voices", all, step -> 100 * step.audioLoss()), line("pictures", all, step -> 100 * step.videoLoss()),
        line("not taped", all, step -> options.isRecorded() ? 100 * Math.max(0, 1 - step.taped()) : 0))));
    sections.add(new Lines("Latency", "The 99th percentile of the slowest subscriber of the sample.", offered,
        new Axis("µs", Section.Scale.LOGARITHMIC), List.of(
        line("p99, added", all, step -> Math.max(1, step.load().latency().worstAddedP99Micros())))));
    Map<String, LoadRun> named = new LinkedHashMap<>();
    all.forEach(step -> named.put(
        String.format(Locale.ROOT, "%,.0f/s offered", step.offeredPerSecond()), step.load()));
    sections.addAll(RunSections.of(named));
    return sections;
  }

  private static Line line(String name, List<OverloadStep> steps, ToDoubleFunction<OverloadStep> value) {
    return new Line(name, steps.stream()
        .map(step -> new Point(step.offeredPerSecond(), value.applyAsDouble(step))).toList());
  }
}
