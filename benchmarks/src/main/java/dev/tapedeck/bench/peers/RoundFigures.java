package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.latency.Delays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What one round on one system gave.
 *
 * @param sessions           connections that joined
 * @param offeredPackets     that a perfect system would have forwarded in the window
 * @param joinCpuMicros      of the system, for all of them
 * @param cpuMicros          of the system, in the window
 * @param threadNanos        of its first process, in the window, by name of thread
 * @param contextSwitches    of its threads, in the window
 * @param systemCallsPerPacket counted in a window of its own; empty where perf(1) cannot
 * @param count              of the subscribers, in the window
 * @param memoryBytes        that the system grew by from before the first join; empty but in the first round, because
 *                           later sessions live in memory that earlier ones left
 */
public record RoundFigures(int sessions, long offeredPackets, long joinCpuMicros, long cpuMicros,
    Map<String, Long> threadNanos, long contextSwitches, OptionalDouble systemCallsPerPacket, ReceivedCount count,
    PathDelays delays, OptionalDouble memoryBytes) {
  /** By how much, in shares of one, a window may hold other packets than those of its time. */
  private static final double UNEVENNESS = 0.1;
  /** Threads that took less for a packet are left out. */
  private static final double MENTIONED_MICROS = 0.01;
  private static final double BYTES_PER_KIB = 1024;
  private static final double MICROS_PER_MILLI = 1000;

  public RoundFigures {
    threadNanos = Map.copyOf(threadNanos);
  }

  /** What each kind of thread took of it: workers, compilers, collectors and so on. */
  Map<String, Double> threadMicrosPerPacket() {
    Map<String, Double> micros = new TreeMap<>();
    threadNanos.forEach((name, nanos) -> {
      double perPacket = nanos / 1e3 / count.packets();
      if (perPacket >= MENTIONED_MICROS) {
        micros.put(name, perPacket);
      }
    });
    return micros;
  }

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

  /** Loss at our own sockets means that the clients set the pace; a backlog from before the window, or into the time
   *  after it, that packets did not cost what they cost at their rate. */
  String verdict() {
    if (count.packets() == 0) {
      return "nothing was forwarded";
    }
    if (count.clientDrops() > 0) {
      return "the load generator was the bottleneck: " + count.clientDrops() + " datagrams dropped at its own sockets";
    }
    if (Math.abs(count.packets() - offeredPackets) > UNEVENNESS * offeredPackets) {
      return "not at its pace: " + count.packets() + " packets in a window of " + offeredPackets
          + "; the machine was too busy for this load";
    }
    return count.lost() > 0 ? count.lost() + " packets lost between system and subscribers" : "ok";
  }
}
