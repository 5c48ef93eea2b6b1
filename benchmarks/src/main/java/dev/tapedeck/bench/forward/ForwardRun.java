package dev.tapedeck.bench.forward;

import java.util.Locale;

/**
 * One measurement.
 *
 * @param serverCpuMicros  user and system time of the server in the window
 * @param forwarded        packets that reached the subscribers in the window
 * @param lost             packets that did not, by the gaps in their numbering
 * @param clientDrops      of those, thrown away at our own full sockets
 */
record ForwardRun(int subscribers, double seconds, long serverCpuMicros, long forwarded, long lost, long clientDrops) {

  double cpuMicrosPerPacket() {
    return forwarded == 0 ? Double.NaN : (double) serverCpuMicros / forwarded;
  }

  /** Loss means that a part of the forwarding was not measured, or that these clients were too slow. */
  String verdict() {
    if (forwarded == 0) {
      return "nothing was forwarded";
    }
    if (clientDrops > 0) {
      return "the load generator was the bottleneck: " + clientDrops + " datagrams dropped at its own sockets";
    }
    return lost > 0 ? lost + " packets lost between server and subscribers" : "ok";
  }

  String toText() {
    return String.format(Locale.ROOT, "%d subscribers: %.2f us CPU per forwarded packet, %,d forwarded, %,d lost (%s)",
        subscribers, cpuMicrosPerPacket(), forwarded, lost, verdict());
  }
}
