package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.process.ProcessCpu;
import dev.tapedeck.bench.process.SocketDrops;
import dev.tapedeck.bench.process.ThreadCpu;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Counters of a server and those who watch at one moment, taken as close together as can be. */
public final class ForwardSnapshot {
  private final long atNanos;
  private final long cpuMicros;
  private final ThreadCpu threads;
  private final int subscribers;
  private final long received;
  private final long lost;
  private final long drops;

  private ForwardSnapshot(long serverPid, List<SyntheticWatcher> watchers) throws IOException {
    Set<Integer> ports = watchers.stream()
        .map(watcher -> watcher.client().path().port().localAddress().getPort())
        .collect(Collectors.toSet());
    cpuMicros = ProcessCpu.micros(serverPid);
    threads = ThreadCpu.of(serverPid);
    atNanos = System.nanoTime();
    List<SessionStats> stats = watchers.stream().map(SyntheticWatcher::stats).toList();
    subscribers = watchers.size();
    received = stats.stream().mapToLong(SessionStats::packetsReceived).sum();
    lost = stats.stream().mapToLong(SessionStats::lostPackets).sum();
    drops = SocketDrops.total(ports);
  }

  /** @param serverPid whose CPU time is read */
  public static ForwardSnapshot take(long serverPid, List<SyntheticWatcher> watchers) throws IOException {
    return new ForwardSnapshot(serverPid, watchers);
  }

  /** What happened in between. @param before of the same server and watchers */
  public ForwardRun since(ForwardSnapshot before) {
    return new ForwardRun(subscribers, (atNanos - before.atNanos) / 1e9, cpuMicros - before.cpuMicros,
        received - before.received, lost - before.lost, drops - before.drops, threads.since(before.threads));
  }
}
