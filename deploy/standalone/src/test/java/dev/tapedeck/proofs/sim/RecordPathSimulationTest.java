package dev.tapedeck.proofs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** D-1, F j: whatever dies, refuses or lies on the way, the verdict says what happened, and nothing safe is lost. */
class RecordPathSimulationTest {
  private static final int RUNS = Integer.getInteger("tapedeck.sim.runs", 1_000);

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(null);
  }

  @TempDir
  Path folder;

  @Test
  void theVerdictIsWhatWasInjected() throws Exception {
    Faults faults = new Faults();
    List<String> red = new ArrayList<>();
    long from = Long.getLong("tapedeck.sim.seed", 1);
    long begin = System.nanoTime();
    long packets = 0;
    try (ConnectorHome home = new ConnectorHome(folder.resolve("sim"))) {
      for (long seed = from; seed < from + RUNS; seed++) {
        home.empty();
        World world = new World(seed, new PlantedBug(), home);
        try {
          world.live();
          new Custody(world).check();
        } catch (Throwable e) {
          red.add("seed " + seed + " " + e);
          if (!(e instanceof Found) || RUNS == 1) { e.printStackTrace(); }
        }
        packets += world.recordings.stream().flatMap(r -> r.sessions.stream()).mapToLong(s -> s.log.size()).sum();
        faults.add(world.faults);
      }
    }
    System.out.println("took " + (System.nanoTime() - begin) / 1_000_000 + " ms, packets " + packets);
    faults.hits().forEach((k, v) -> System.out.println("  " + k + " = " + v));
    red.stream().limit(60).forEach(System.out::println);
    System.out.println("red " + red.size());
    assertThat(red.size()).isZero();
  }
}
