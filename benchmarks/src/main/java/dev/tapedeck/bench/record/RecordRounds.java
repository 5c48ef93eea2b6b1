package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.process.SocketDrops;
import dev.tapedeck.bench.process.ThreadCpu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The same load in turn without recording and with it, on one server, so that both meet the same machine. Nobody joins
 * or leaves: one half of the publishers is taped, and the halves take turns in sending.
 */
final class RecordRounds {
  private final ServerProcess server;
  private final RecordLoad plain;
  private final RecordLoad taped;
  private final RecordOptions options;

  /** Both windows of a round, the one without recording first. */
  record Round(RecordWindow without, RecordWindow with) {
    double addedWorkerMicros() {
      return with.workerMicros() - without.workerMicros();
    }

    double addedWorkerPercent() {
      return 100 * addedWorkerMicros() / without.workerMicros();
    }

    double addedProcessMicros() {
      return with.processMicros() - without.processMicros();
    }
  }

  /** @param plain, taped joined and held */
  RecordRounds(ServerProcess server, RecordLoad plain, RecordLoad taped, RecordOptions options) {
    this.server = server;
    this.plain = plain;
    this.taped = taped;
    this.options = options;
  }

  /** @param progress hears of each round as it ends */
  List<Round> run(Consumer<Round> progress) throws IOException {
    for (int i = 0; i < options.warmUpRounds(); i++) {
      measure(plain);
      measure(taped);
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      rounds.add(new Round(measure(plain), measure(taped)));
      progress.accept(rounds.getLast());
    }
    return rounds;
  }

  private RecordWindow measure(RecordLoad load) throws IOException {
    load.resume();
    Pause.of(options.warmUp());
    Metrics metricsBefore = server.metrics();
    Clients clientsBefore = Clients.read(load);
    ThreadCpu cpuBefore = ThreadCpu.of(server.target().pid());
    long startNanos = System.nanoTime();
    Pause.of(options.window());
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    Map<String, Long> cpu = ThreadCpu.of(server.target().pid()).since(cpuBefore);
    Clients clients = Clients.read(load);
    Metrics metrics = server.metrics();
    load.hold();
    Drained.await(server);
    return new RecordWindow(load == taped, seconds, cpu, clients.cpuNanos - clientsBefore.cpuNanos,
        clients.sent - clientsBefore.sent, grown("tapedeck_rtp_packets_received", metricsBefore, metrics),
        grown("tapedeck_rtp_packets_taped", metricsBefore, metrics), clients.watched - clientsBefore.watched,
        clients.lost - clientsBefore.lost, clients.drops - clientsBefore.drops,
        (long) (seconds * options.packetsPerSecond() * options.publishers()));
  }

  private static long grown(String name, Metrics before, Metrics after) {
    return after.get(name) - before.get(name);
  }

  /** What the clients have counted so far. */
  private record Clients(long cpuNanos, long sent, long watched, long lost, long drops) {
    static Clients read(RecordLoad load) throws IOException {
      long cpuNanos = ThreadCpu.of(ProcessHandle.current().pid()).since(new ThreadCpu(Map.of())).values().stream()
          .mapToLong(Long::longValue).sum();
      return new Clients(cpuNanos, load.sentPackets(), load.watchedPackets(), load.lostPackets(),
          SocketDrops.total(load.watcherPorts()));
    }
  }
}
