package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.process.ThreadCpu;
import dev.tapedeck.bench.report.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What taping costs the forwarding threads, in many short turns without it and with it. Between two neighbours the
 * machine hardly changes, so their difference holds what a difference of long windows would drown. Every second pair is
 * in reverse order, which takes a steady drift out.
 */
final class WorkerTurns {
  /** After it nothing of the turn before is on its way: the last slabs have their age and are handed over. */
  private static final Duration SETTLE = Duration.ofMillis(300);
  private static final Duration SILENCE = Duration.ofSeconds(5);
  /** With the time to settle an eighth of 10 s: chunks of that age end while their publishers send, so it counts. */
  private static final Duration TURN = Duration.ofMillis(900);
  private static final String WORKER = "worker";

  private final ServerProcess server;
  private final RecordLoad plain;
  private final RecordLoad taped;
  private final RecordOptions options;

  /**
   * What was measured.
   *
   * @param pairs              both turns of each pair
   * @param idleNanosPerSecond of the forwarding threads while nobody sends
   */
  record Result(List<Pair> pairs, double idleNanosPerSecond) {
    Result {
      pairs = List.copyOf(pairs);
    }

    /** Microseconds per packet without taping and without what the sessions cost while nobody sends. */
    double baseMicros() {
      return Spread.of(pairs.stream().map(Pair::plain)
          .map(turn -> turn.micros() - idleNanosPerSecond * turn.seconds() / 1000 / turn.packets()).toList()).median();
    }

    /** What taping added, in microseconds per packet, pair by pair. */
    List<Double> addedMicros() {
      return pairs.stream().map(pair -> pair.taped().micros() - pair.plain().micros()).toList();
    }

    /** The same in percent of the base. */
    List<Double> addedPercent() {
      double baseMicros = baseMicros();
      return addedMicros().stream().map(micros -> 100 * micros / baseMicros).toList();
    }
  }

  /** Two neighbours. */
  record Pair(Turn plain, Turn taped) {}

  /** @param nanos CPU time of the forwarding threads */
  record Turn(long nanos, long packets, double seconds) {
    double micros() {
      return nanos / 1000.0 / packets;
    }
  }

  /** @param plain, taped joined and held */
  WorkerTurns(ServerProcess server, RecordLoad plain, RecordLoad taped, RecordOptions options) {
    this.server = server;
    this.plain = plain;
    this.taped = taped;
    this.options = options;
  }

  Result run() throws IOException {
    Pause.of(SETTLE);
    long idleNanos = workerNanosOver(SILENCE);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < options.turns(); i++) {
      boolean isPlainFirst = i % 2 == 0;
      Turn first = turn(isPlainFirst ? plain : taped, isPlainFirst ? taped : plain);
      Turn second = turn(isPlainFirst ? taped : plain, isPlainFirst ? plain : taped);
      pairs.add(isPlainFirst ? new Pair(first, second) : new Pair(second, first));
    }
    plain.hold();
    taped.hold();
    Drained.await(server);
    return new Result(pairs, idleNanos / (SILENCE.toNanos() / 1e9));
  }

  private Turn turn(RecordLoad sending, RecordLoad silent) throws IOException {
    silent.hold();
    sending.resume();
    Pause.of(SETTLE);
    long packetsBefore = sending.sentPackets();
    long startNanos = System.nanoTime();
    long nanos = workerNanosOver(TURN);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return new Turn(nanos, sending.sentPackets() - packetsBefore, seconds);
  }

  private long workerNanosOver(Duration length) throws IOException {
    ThreadCpu before = ThreadCpu.of(server.target().pid());
    Pause.of(length);
    return ThreadCpu.of(server.target().pid()).since(before).getOrDefault(WORKER, 0L);
  }
}
