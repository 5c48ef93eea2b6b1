package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import dev.tapedeck.media.core.worker.WorkerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One simulated world: a network, a server, and as many rooms as it has workers. */
final class Sim {
  private static final long[] SEEDS = {1, 20260101, 0x5EEDL};
  private static final int[] WORKERS = {1, 3};

  final SimNetwork network;
  final SimServer server;
  final List<String> rooms;
  private int clients;

  private Sim(long seed, int workers, WorkerConfig config) {
    network = new SimNetwork(seed);
    server = new SimServer(network, workers, config);
    rooms = IntStream.range(0, workers).mapToObj(i -> "room" + i).toList();
  }

  /** Arguments of every scenario: seed and number of workers. */
  static Stream<Arguments> worlds() {
    return IntStream.of(WORKERS).boxed()
        .flatMap(workers -> Arrays.stream(SEEDS).mapToObj(seed -> Arguments.of(seed, workers)));
  }

  static Sim run(long seed, int workers, Consumer<Sim> scenario) {
    return run(seed, workers, WorkerConfig.defaults(), scenario);
  }

  /** Plays the scenario; names the seed when it fails. */
  static Sim run(long seed, int workers, WorkerConfig config, Consumer<Sim> scenario) {
    Sim sim = new Sim(seed, workers, config);
    try {
      scenario.accept(sim);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed %d, workers %d, after %.3f s: %s".formatted(
          seed, workers, sim.network.nowNanos() / (double) SECONDS - 1000, e.getMessage()), e);
    }
    return sim;
  }

  int nextClient() {
    return ++clients;
  }
}
