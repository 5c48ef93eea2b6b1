package dev.tapedeck.bench.forward;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One measurement.
 *
 * @param serverCpuMicros  user and system time of the server in the window
 * @param forwarded        packets that reached the subscribers in the window
 * @param lost             packets that did not, by the gaps in their numbering
 * @param clientDrops      of those, thrown away at our own full sockets
 * @param threadNanos      the server's CPU time by name of thread
 */
public record ForwardRun(int subscribers, double seconds, long serverCpuMicros, long forwarded, long lost, long clientDrops,
    Map<String, Long> threadNanos) {
  /** Threads that took less are left out. */
  private static final double MENTIONED_MICROS = 0.01;

  public ForwardRun {
    threadNanos = Map.copyOf(threadNanos);
  }

  public double cpuMicrosPerPacket() {
    return forwarded == 0 ? Double.NaN : (double) serverCpuMicros / forwarded;
  }

  /** What each kind of thread took of it: the worker, the JIT's compilers, the collector and so on. */
  public Map<String, Double> threadMicrosPerPacket() {
    Map<String, Double> micros = new TreeMap<>();
    threadNanos.forEach((name, nanos) -> {
      double perPacket = nanos / 1e3 / forwarded;
      if (forwarded > 0 && perPacket >= MENTIONED_MICROS) {
        micros.put(name, perPacket);
      }
    });
    return micros;
  }

  /** Loss means that a part of the forwarding was not measured, or that these clients were too slow. */
  public String verdict() {
    if (forwarded == 0) {
      return "nothing was forwarded";
    }
    if (clientDrops > 0) {
      return "the load generator was the bottleneck: " + clientDrops + " datagrams dropped at its own sockets";
    }
    return lost > 0 ? lost + " packets lost between server and subscribers" : "ok";
  }

  String toText() {
    String byThread = threadMicrosPerPacket().entrySet().stream()
        .map(thread -> String.format(Locale.ROOT, "%s %.2f", thread.getKey(), thread.getValue()))
        .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT,
        "%d subscribers: %.2f us CPU per forwarded packet (%s), %,d forwarded, %,d lost (%s)",
        subscribers, cpuMicrosPerPacket(), byThread, forwarded, lost, verdict());
  }
}
