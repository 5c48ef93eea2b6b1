package dev.tapedeck.bench.forward;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.Machine;
import dev.tapedeck.bench.load.RunSections;
import dev.tapedeck.bench.report.Section;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All measurements of one call; the top level of the JSON speaks of the largest number of subscribers. */
record ForwardReport(List<ForwardRun> runs, int packetsPerSecond, int warmUpSeconds, ServerSide server, Machine machine)
    implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  ForwardReport {
    runs = List.copyOf(runs);
  }

  @Override
  public String title() {
    return "Tapedeck: one publisher to " + widest().subscribers() + " subscribers";
  }

  private ForwardRun widest() {
    return runs.stream().max(Comparator.comparingInt(ForwardRun::subscribers)).orElseThrow();
  }

  @Override
  public String verdict() {
    return runs.stream().map(run -> run.load().verdict()).filter(verdict -> !verdict.equals("ok"))
        .findFirst().orElse("ok");
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    put(root, widest());
    root.put("packets_per_second", packetsPerSecond);
    root.put("warm_up_seconds", warmUpSeconds);
    root.put("verdict", verdict());
    server.putInto(root);
    machine.putInto(root);
    runs.forEach(run -> put(root.withArray("runs").addObject(), run));
    return root.toString();
  }

  private static void put(ObjectNode json, ForwardRun run) {
    json.put("subscribers", run.subscribers());
    run.load().putInto(json);
    run.memory().ifPresent(memory -> memory.putInto(json));
  }

  @Override
  public String toText() {
    return server.toText() + ", " + packetsPerSecond + " packets/s in";
  }

  @Override
  public List<Section> sections() {
    Map<String, LoadRun> named = new LinkedHashMap<>();
    runs.forEach(run -> named.put(run.subscribers() + " subscribers", run.load()));
    return RunSections.of(named);
  }
}
