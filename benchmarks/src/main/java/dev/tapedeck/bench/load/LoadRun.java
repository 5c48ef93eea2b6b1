package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One measured window of any load.
 *
 * @param sessions             that received
 * @param serverCpuMicros      user and system time of the server
 * @param threadNanos          the server's CPU time by kind of thread
 * @param workersWaitedNanos   time for which its forwarding threads were ready and others had the CPU
 * @param contextSwitches      of all threads of the server
 * @param systemCallsPerPacket counted in a short window of its own; empty where nothing can count them
 * @param serverCounters       growth of the server's own counters
 * @param serverDrops          datagrams thrown away at full sockets of the server
 */
public record LoadRun(double seconds, int sessions, long serverCpuMicros, Map<String, Long> threadNanos,
    long workersWaitedNanos, long contextSwitches, OptionalDouble systemCallsPerPacket, Map<String, Double> serverCounters, long serverDrops,
    Traffic traffic, Generator generator, Latency latency) {
  /** Threads that took less are left out. */
  private static final double MENTIONED_MICROS = 0.01;

  public LoadRun {
    threadNanos = Map.copyOf(threadNanos);
    serverCounters = Map.copyOf(serverCounters);
  }

  LoadRun withSystemCalls(OptionalDouble perPacket) {
    return new LoadRun(seconds, sessions, serverCpuMicros, threadNanos, workersWaitedNanos, contextSwitches, perPacket,
        serverCounters, serverDrops, traffic, generator, latency);
  }

  public double cpuMicrosPerPacket() {
    return perPacket(serverCpuMicros);
  }

  /** {@code NaN} if nothing was forwarded. */
  private double perPacket(double value) {
    return traffic.packets() == 0 ? Double.NaN : value / traffic.packets();
  }

  public double contextSwitchesPerPacket() {
    return perPacket(contextSwitches);
  }

  /** Of the window, for which the forwarding threads waited for a CPU that others had; with several, their sum. */
  public double workersWaitedShare() {
    return workersWaitedNanos / 1e9 / seconds;
  }

  /** Packets that reached the subscribers in a second. */
  public double packetsPerSecond() {
    return traffic.packets() / seconds;
  }

  /** What each kind of thread of the server took of a packet: the worker, the JIT's compilers, the collector and so on. */
  public Map<String, Double> threadMicrosPerPacket() {
    Map<String, Double> micros = new TreeMap<>();
    threadNanos.forEach((name, nanos) -> {
      double perPacket = perPacket(nanos / 1e3);
      if (perPacket >= MENTIONED_MICROS) {
        micros.put(name, perPacket);
      }
    });
    return micros;
  }

  /** {@code ok}, or why this window says less than it should. */
  public String verdict() {
    if (traffic.packets() == 0) {
      return "nothing was forwarded";
    }
    if (generator.bound().isPresent()) {
      return "the load generator was the bottleneck: " + generator.bound().get();
    }
    if (traffic.broken() + traffic.rejected() > 0) {
      return traffic.broken() + " packets of the sample were not as sent, " + traffic.rejected() + " did not decrypt";
    }
    return traffic.lost() > 0 ? traffic.lost() + " packets lost between publishers and subscribers" : "ok";
  }

  /** All of it, under names that are the same in every command. */
  public ObjectNode putInto(ObjectNode json) {
    json.put("seconds", Rounded.thousandth(seconds));
    json.put("cpu_us_per_forwarded_packet", Rounded.thousandth(cpuMicrosPerPacket()));
    json.put("server_cpu_us", serverCpuMicros);
    json.put("forwarded", traffic.packets());
    json.put("forwarded_per_second", Math.round(packetsPerSecond()));
    json.put("lost", traffic.lost());
    json.put("client_drops", generator.drops());
    json.put("server_drops", serverDrops);
    json.put("checked", traffic.checked());
    json.put("broken", traffic.broken());
    json.put("rejected", traffic.rejected());
    json.put("context_switches_per_packet", Rounded.thousandth(contextSwitchesPerPacket()));
    systemCallsPerPacket.ifPresentOrElse(calls -> json.put("system_calls_per_packet", Rounded.thousandth(calls)),
        () -> json.putNull("system_calls_per_packet"));
    SendRuns.of(this).ifPresent(runs -> runs.putInto(json, traffic.packets()));
    json.put("workers_waited_for_cpu_share", Rounded.thousandth(workersWaitedShare()));
    json.put("generator_bound", generator.bound().isPresent());
    json.put("verdict", verdict());
    ObjectNode threads = json.putObject("cpu_us_by_thread");
    threadMicrosPerPacket().forEach((name, micros) -> threads.put(name, Rounded.thousandth(micros)));
    latency.putInto(json.putObject("latency"));
    generator.putInto(json.putObject("generator"));
    ObjectNode counters = json.putObject("server_counters");
    new TreeMap<>(serverCounters).forEach((name, value) -> counters.put(name, Rounded.thousandth(value)));
    return json;
  }

  public String toText() {
    Map<String, String> parts = new LinkedHashMap<>();
    threadMicrosPerPacket().forEach((name, micros) -> parts.put(name, String.format(Locale.ROOT, "%.2f", micros)));
    String byThread = parts.entrySet().stream().map(part -> part.getKey() + " " + part.getValue())
        .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT,
        "%d sessions: %.2f us CPU per forwarded packet (%s), %,d forwarded, %,d lost, added latency p99 %.0f us (%s)",
        sessions, cpuMicrosPerPacket(), byThread, traffic.packets(), traffic.lost(), latency.worstAddedP99Micros(),
        verdict());
  }
}
