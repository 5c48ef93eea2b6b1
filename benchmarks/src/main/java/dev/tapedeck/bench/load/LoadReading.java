package dev.tapedeck.bench.load;

import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.ProcessCpu;
import dev.tapedeck.bench.process.SocketDrops;
import dev.tapedeck.bench.process.ThreadCpu;
import java.io.IOException;

/** Everything that is counted, at one moment: what changes fast is read last at the start and first at the end. */
record LoadReading(long atNanos, long serverCpuMicros, ThreadCpu serverThreads, ThreadCpu ownThreads, Metrics metrics,
    Traffic traffic, Sent sent, long ownDrops, long serverDrops) {

  /** At the start of a window. */
  static LoadReading before(LoadClients clients) throws IOException {
    return read(clients, clients.metrics());
  }

  /** At its end. */
  static LoadReading after(LoadClients clients) throws IOException {
    LoadReading reading = read(clients, null);
    return new LoadReading(reading.atNanos, reading.serverCpuMicros, reading.serverThreads, reading.ownThreads,
        clients.metrics(), reading.traffic, reading.sent, reading.ownDrops, reading.serverDrops);
  }

  private static LoadReading read(LoadClients clients, Metrics metrics) throws IOException {
    long serverPid = clients.target().pid();
    long cpuMicros = ProcessCpu.micros(serverPid);
    ThreadCpu serverThreads = ThreadCpu.of(serverPid);
    long atNanos = System.nanoTime();
    Traffic traffic = clients.traffic();
    Sent sent = clients.sent();
    ThreadCpu ownThreads = ThreadCpu.of(ProcessHandle.current().pid());
    return new LoadReading(atNanos, cpuMicros, serverThreads, ownThreads, metrics, traffic, sent,
        SocketDrops.total(clients.ownPorts()), SocketDrops.total(clients.serverPorts()));
  }
}
