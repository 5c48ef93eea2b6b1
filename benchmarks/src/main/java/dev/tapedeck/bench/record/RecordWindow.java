package dev.tapedeck.bench.record;

import java.util.Map;

/**
 * One measurement.
 *
 * @param isRecorded     whether the publishers were taped
 * @param serverNanos    CPU time of the server by kind of thread, user and system together
 * @param generatorNanos CPU time of this process
 * @param sent           packets the publishers sent
 * @param received       packets the server took
 * @param taped          of those, handed to the tape
 * @param watched        packets that reached the subscribers
 * @param lost           packets that did not, by the gaps in their numbering
 * @param clientDrops    of those, thrown away at our own full sockets
 * @param asked          packets the publishers were to send
 */
record RecordWindow(boolean isRecorded, double seconds, Map<String, Long> serverNanos, long generatorNanos, long sent,
    long received, long taped, long watched, long lost, long clientDrops, long asked) {
  /** Below this share of what was asked, the clients did not keep up. */
  private static final double LEAST_SENT_SHARE = 0.95;
  private static final double NANOS_PER_MICRO = 1000;

  RecordWindow {
    serverNanos = Map.copyOf(serverNanos);
  }

  /** Microseconds of the forwarding threads per received packet. */
  double workerMicros() {
    return micros(serverNanos.getOrDefault("worker", 0L));
  }

  /** Microseconds of the whole server per received packet. */
  double processMicros() {
    return micros(serverNanos.values().stream().mapToLong(Long::longValue).sum());
  }

  /** Microseconds of one kind of thread per received packet. */
  double micros(String threads) {
    return micros(serverNanos.getOrDefault(threads, 0L));
  }

  private double micros(long nanos) {
    return received == 0 ? Double.NaN : nanos / NANOS_PER_MICRO / received;
  }

  /** {@code ok}, or why this window says less than it should. */
  String verdict() {
    if (received == 0) {
      return "nothing was received";
    }
    if (clientDrops > 0) {
      return "the load generator was the bottleneck: " + clientDrops + " datagrams dropped at its own sockets";
    }
    if (sent < asked * LEAST_SENT_SHARE) {
      return "the load generator was the bottleneck: it sent " + sent + " of " + asked + " packets";
    }
    return lost > 0 ? lost + " packets lost between server and subscribers" : "ok";
  }

  boolean isGeneratorBound() {
    return clientDrops > 0 || sent < asked * LEAST_SENT_SHARE;
  }
}
