package dev.tapedeck.proofs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * D-1, F j, F p: whatever dies, refuses or lies on the way from tape to manifest, the verdict is what was injected,
 * nothing older than the recovery point is missing, and nothing is stored twice.
 *
 * <p>{@code -Dtapedeck.sim.seed=S -Dtapedeck.sim.runs=1} runs one seed and tells its story; fewer than 1,000 runs are
 * not asked whether they hit every fault often.
 */
class RecordPathSimulationTest {
  private static final int FULL_RUNS = 1_000;
  private static final long FIRST_SEED = Long.getLong("tapedeck.sim.seed", 1);
  private static final int RUNS = Integer.getInteger("tapedeck.sim.runs", FULL_RUNS);
  private static final int THREADS = 2;

  /** The second reader is slow; it judges one run in so many. */
  private static final int DUMPED = 8;
  private static final int LEAST_HITS = 20;

  /** Each of these must have happened, whatever the seeds are. */
  private static final List<String> FAULTS = List.of(
      "connector: away", "connector: crash", "disk: created name lost", "disk: deleted name came back",
      "disk: force refused", "disk: full", "disk: lost sector", "disk: machine crash", "disk: process crash",
      "disk: read refused", "disk: shuffled sectors", "disk: slow", "disk: torn write", "disk: write refused",
      "link: acknowledgement lost", "link: answer lost", "link: connector out of reach", "link: cut before the message",
      "link: messages repeated", "network: packet lost", "network: packet out of order", "network: packet repeated",
      "node: disk started by another node", "node: never came back",
      "node: recording goes on in the next process", "node: stopped in order",
      "store: 200 with half the bytes stored", "store: 200 with nothing stored", "store: 200 with other bytes stored",
      "store: 403", "store: 500", "store: answer lost after storing", "store: expired URL",
      "store: no answer to the connector", "store: object deleted later", "store: object gone before it was seen",
      "store: time-out", "tape: no slab to be had");

  @TempDir
  Path folder;

  /** Thousands of simulated faults would drown the log of the test run. */
  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(null);
  }

  @Test
  void theVerdictIsWhatWasInjected() throws Exception {
    List<SimRun> runs = runAll();
    Faults faults = new Faults();
    runs.forEach(run -> faults.add(run.faults()));
    System.out.printf("record path simulation: runs %d, seeds %d..%d, packets %d, red %d%n", RUNS, FIRST_SEED,
        FIRST_SEED + RUNS - 1, runs.stream().mapToLong(SimRun::packets).sum(),
        runs.stream().filter(SimRun::isRed).count());
    faults.hits().forEach((fault, hits) -> System.out.printf("  %-40s %d%n", fault, hits));
    runs.stream().filter(run -> run.isRed() || RUNS == 1).map(SimRun::story).forEach(System.out::println);
    assertThat(runs).filteredOn(SimRun::isRed).extracting(SimRun::seed).isEmpty();

    SecondReader.Judgement second =
        SecondReader.judge(runs.stream().map(SimRun::dump).flatMap(Optional::stream).toList());
    System.out.println(second.sum());
    assertThat(second.isClean()).as(String.join("\n", second.lines())).isTrue();
    if (RUNS >= FULL_RUNS) {
      assertThat(FAULTS).allSatisfy(fault ->
          assertThat(faults.hits().getOrDefault(fault, 0)).as(fault).isGreaterThanOrEqualTo(LEAST_HITS));
    }
  }

  private List<SimRun> runAll() throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<SimRun>>> shares = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int share = i;
        shares.add(threads.submit(() -> runShare(share)));
      }
      List<SimRun> runs = new ArrayList<>();
      for (Future<List<SimRun>> share : shares) {
        runs.addAll(share.get());
      }
      return runs;
    }
  }

  private List<SimRun> runShare(int share) throws IOException {
    List<SimRun> runs = new ArrayList<>();
    try (ConnectorHome home = new ConnectorHome(folder.resolve("sim" + share))) {
      for (long seed = FIRST_SEED + share; seed < FIRST_SEED + RUNS; seed += THREADS) {
        boolean isDumped = seed % DUMPED == 0 || RUNS == 1;
        runs.add(SimRun.of(seed, new PlantedBug(), home, isDumped ? Optional.of(folder) : Optional.empty()));
      }
    }
    return runs;
  }
}
