package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.latency.Delays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one round on one system gave.
 *
 * @param sessions           connections that joined
 * @param joinCpuMicros      of the system, for all of them
 * @param cpuMicros          of the system, in the window
 * @param contextSwitches    of its threads, in the window
 * @param systemCallsPerPacket counted in a window of its own; empty where perf(1) cannot
 * @param count              of the subscribers, in the window
 * @param memoryBytes        that the system grew by from before the first join; empty but in the first round, because later
 *                           sessions live in memory that earlier ones left
 */
public record RoundFigures(int sessions, long joinCpuMicros, long cpuMicros, long contextSwitches,
    OptionalDouble systemCallsPerPacket, ReceivedCount count, PathDelays delays, OptionalDouble memoryBytes) {
  private static final double BYTES_PER_KIB = 1024;
  private static final double MICROS_PER_MILLI = 1000;

  public double cpuMicrosPerPacket() {
    return (double) cpuMicros / count.packets();
  }

  /** The figures by their names in the JSON; what could not be measured is left out. */
  Map<String, Double> byName() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("cpu_us_per_forwarded_packet", cpuMicrosPerPacket());
    figures.put("lost_packets", (double) count.lost());
    figures.put("added_latency_us_p50", delays.addedMicros(Delays::p50Micros));
    figures.put("added_latency_us_p99", delays.addedMicros(Delays::p99Micros));
    figures.put("added_latency_us_p999", delays.addedMicros(Delays::p999Micros));
    figures.put("longest_us", delays.longestMicros());
    figures.put("relay_us_p99", delays.relay().p99Micros());
    systemCallsPerPacket.ifPresent(calls -> figures.put("system_calls_per_forwarded_packet", calls));
    figures.put("context_switches_per_forwarded_packet", (double) contextSwitches / count.packets());
    figures.put("cpu_ms_per_join", joinCpuMicros / MICROS_PER_MILLI / sessions);
    memoryBytes.ifPresent(bytes -> figures.put("memory_kib_per_session", bytes / BYTES_PER_KIB / sessions));
    return figures;
  }

  /** Loss at our own sockets means that the clients set the pace. */
  String verdict() {
    if (count.packets() == 0) {
      return "nothing was forwarded";
    }
    if (count.clientDrops() > 0) {
      return "the load generator was the bottleneck: " + count.clientDrops() + " datagrams dropped at its own sockets";
    }
    return count.lost() > 0 ? count.lost() + " packets lost between system and subscribers" : "ok";
  }
}
