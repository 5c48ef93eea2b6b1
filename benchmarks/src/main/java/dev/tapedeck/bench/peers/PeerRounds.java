package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.SystemCalls;
import dev.tapedeck.bench.process.ThreadCpu;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Gives one load to one system after the other, round by round. */
public final class PeerRounds {
  /** What a join leaves to do once its client is content: the far side's end of the handshake, timers. */
  private static final Duration AFTER_JOINS = Duration.ofMillis(500);
  /** They join and leave before anything is measured: what is loaded once belongs to no session. */
  private static final int REHEARSAL_SUBSCRIBERS = 10;

  private final LoadShape shape;
  private final SrtpProtection protection;
  private final Timing timing;

  /**
   * @param rehearsal   once for each system, so that a JIT has done most of its work
   * @param settle      from the first packets of a round to its window
   * @param window      in which CPU, packets and delays are counted
   * @param systemCalls window of their own; zero to leave them out
   */
  public record Timing(Duration rehearsal, Duration settle, Duration window, Duration systemCalls) {}

  public PeerRounds(LoadShape shape, SrtpProtection protection, Timing timing) {
    this.shape = shape;
    this.protection = protection;
    this.timing = timing;
  }

  public void rehearse(PeerSystem system) throws IOException {
    LoadShape small = new LoadShape(shape.kind(), 1, shape.publishers(),
        Math.min(shape.subscribers(), REHEARSAL_SUBSCRIBERS), shape.packetsPerSecond());
    try (PeerLoad load = new PeerLoad(system, small, protection)) {
      load.join(0);
      load.play();
      Pause.of(timing.rehearsal);
    }
  }

  /** @param number from 1; memory is measured in the first */
  public RoundFigures measure(PeerSystem system, int number) throws IOException {
    boolean measuresMemory = number == 1;
    long emptyBytes = measuresMemory ? system.memoryBytes() : 0;
    try (PeerLoad load = new PeerLoad(system, shape, protection)) {
      long beforeJoins = system.processes().cpuMicros();
      load.join(number);
      Pause.of(AFTER_JOINS);
      long joinMicros = system.processes().cpuMicros() - beforeJoins;
      load.play();
      Pause.of(timing.settle);
      Window window = window(system, load);
      OptionalDouble calls = systemCalls(system, load);
      if (load.brokenPackets() > 0) {
        throw new IOException(load.brokenPackets() + " packets came out of " + system.name() + " changed");
      }
      OptionalDouble memory = measuresMemory
          ? OptionalDouble.of(system.memoryBytes() - emptyBytes)
          : OptionalDouble.empty();
      return new RoundFigures(load.sessions(), offeredInWindow(), joinMicros, window.cpuMicros, window.threadNanos,
          window.contextSwitches, calls, window.count, window.delays, memory);
    }
  }

  private long offeredInWindow() {
    return shape.forwardedPerSecond() * timing.window.toMillis() / Duration.ofSeconds(1).toMillis();
  }

  private record Window(long cpuMicros, Map<String, Long> threadNanos, long contextSwitches, ReceivedCount count,
      PathDelays delays) {}

  private Window window(PeerSystem system, PeerLoad load) throws IOException {
    load.takeDelays();
    ReceivedCount countBefore = load.received();
    long switchesBefore = system.processes().contextSwitches();
    ThreadCpu threadsBefore = ThreadCpu.of(system.processes().rootPid());
    long cpuBefore = system.processes().cpuMicros();
    Pause.of(timing.window);
    long cpuMicros = system.processes().cpuMicros() - cpuBefore;
    Map<String, Long> threadNanos = ThreadCpu.of(system.processes().rootPid()).since(threadsBefore);
    long switches = system.processes().contextSwitches() - switchesBefore;
    return new Window(cpuMicros, threadNanos, switches, load.received().since(countBefore), load.takeDelays());
  }

  /** Counting slows each call, so nothing else is measured meanwhile. */
  private OptionalDouble systemCalls(PeerSystem system, PeerLoad load) throws IOException {
    if (timing.systemCalls.isZero()) {
      return OptionalDouble.empty();
    }
    List<Long> pids = system.processes().pids();
    ReceivedCount before = load.received();
    List<OptionalLong> calls =
        Together.each(pids.size(), number -> SystemCalls.during(pids.get(number), timing.systemCalls));
    long packets = load.received().since(before).packets();
    return calls.stream().allMatch(OptionalLong::isPresent) && packets > 0
        ? OptionalDouble.of((double) calls.stream().mapToLong(OptionalLong::getAsLong).sum() / packets)
        : OptionalDouble.empty();
  }
}
