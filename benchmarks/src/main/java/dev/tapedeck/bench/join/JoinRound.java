package dev.tapedeck.bench.join;

import dev.tapedeck.bench.load.JoinTimes;
import dev.tapedeck.bench.load.LoadRun;
import java.util.Map;
import java.util.TreeMap;

/**
 * A quiet window and a storm of joins.
 *
 * @param quiet the room that plays, nobody joins
 * @param storm the same while all of them join
 * @param times from the request until media can flow
 */
record JoinRound(LoadRun quiet, LoadRun storm, JoinTimes times) {
  private static final String COMPILERS = "CompilerThre";

  /** CPU time of the server for one join, without what the room takes. */
  double cpuMillisPerJoin() {
    double quietMicros = quiet.serverCpuMicros() * storm.seconds() / quiet.seconds();
    return (storm.serverCpuMicros() - quietMicros) / 1e3 / times.sorted().size();
  }

  /** The same without the JIT's compilers, who have little left to do in a server that has run for a while. */
  double cpuMillisPerJoinCompiled() {
    double compilers = cpuMillisByThread().entrySet().stream().filter(thread -> thread.getKey().contains(COMPILERS))
        .mapToDouble(Map.Entry::getValue).sum();
    return cpuMillisPerJoin() - compilers;
  }

  Map<String, Double> cpuMillisByThread() {
    Map<String, Double> millis = new TreeMap<>();
    storm.threadNanos().forEach((name, nanos) -> millis.put(name,
        (nanos - quiet.threadNanos().getOrDefault(name, 0L) * storm.seconds() / quiet.seconds())
            / 1e6 / times.sorted().size()));
    return millis;
  }

  /** What one core would do in a second. */
  double joinsPerCoreSecond() {
    return 1000 / cpuMillisPerJoin();
  }

  /** How much later media comes while they join, at the 99th percentile. */
  double latencyRatio() {
    return storm.latency().worstP99Micros() / quiet.latency().worstP99Micros();
  }
}
