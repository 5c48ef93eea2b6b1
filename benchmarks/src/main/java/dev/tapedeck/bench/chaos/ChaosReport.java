package dev.tapedeck.bench.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.report.Findings;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * All runs of one call.
 *
 * @param kills    processes killed with SIGKILL
 * @param possible faults this machine let us make
 */
public record ChaosReport(long seed, int kills, List<Fault> possible, List<RunResult> runs) implements Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether nothing was lost, misjudged or left open. */
  public boolean isGood() {
    return runs.stream().allMatch(RunResult::isGood);
  }

  /** What went wrong, each with what is needed to repeat it. */
  public List<String> complaints() {
    return runs.stream().flatMap(run -> run.complaints.stream()
        .map(complaint -> repeat(run) + " (" + run.plan.fault().text() + "): " + complaint)).toList();
  }

  /** Of what was sent, what lies in the bucket. */
  public long packetsInFiles() {
    return sum(run -> run.packetsInFiles);
  }

  @Override
  public String title() {
    return "Tapedeck: " + runs.size() + " runs with harm";
  }

  @Override
  public String verdict() {
    return isGood() ? "ok" : "something was lost, misjudged or left open";
  }

  @Override
  public String toText() {
    return isGood() ? "nothing lost" : "see above";
  }

  @Override
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("seed", seed);
    root.put("runs", runs.size());
    root.put("kills", kills);
    root.put("packets_sent", sum(run -> run.packetsSent));
    root.put("packets_in_files", packetsInFiles());
    root.put("lost_by_network", sum(run -> run.lostByNetwork));
    root.put("in_named_gaps", sum(run -> run.inGaps));
    root.put("duplicates", sum(run -> run.duplicates));
    root.put("unfinished_jobs", sum(run -> run.unfinishedJobs));
    root.put("without_effect", sum(run -> run.hadEffect ? 0 : 1));
    ObjectNode faults = root.putObject("faults");
    for (Fault fault : Fault.values()) {
      faults.put(fault.text(), runs.stream().filter(run -> run.plan.fault() == fault).count());
    }
    for (Fault fault : Fault.values()) {
      if (!possible.contains(fault)) {
        root.withArray("not_possible_here").add(fault.text());
      }
    }
    complaints().forEach(root.withArray("complaints")::add);
    root.put("lost_older_than_recovery_point", sum(run -> run.oldLost));
    root.put("silent_losses", sum(run -> run.silentLosses));
    root.put("verdict_mismatches", sum(run -> run.verdictMismatches));
    root.put("unclosed_recordings", sum(run -> run.unclosedRecordings));
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private String repeat(RunResult run) {
    return "--seed " + seed + " --first-run " + run.plan.run() + " --runs 1";
  }

  private long sum(ToLongFunction<RunResult> counter) {
    return runs.stream().mapToLong(counter).sum();
  }
}
