package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever dies when: what a completed force has covered is stored once, and what is missing has a name. */
class SpoolSimulationTest {
  private static final int RUNS = 300;
  private static final int MUTATED_RUNS = 60;

  /** Thousands of simulated faults would drown the log of the test run. */
  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger(Spool.class.getPackageName())).setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    ((Logger) LoggerFactory.getLogger(Spool.class.getPackageName())).setLevel(null);
  }

  @Test
  void losesNothingOlderThanTheLastCompletedForce() throws IOException {
    TreeMap<String, Integer> hits = new TreeMap<>();
    for (long seed = 1; seed <= RUNS; seed++) {
      SimDisk disk = new SimDisk(new SplittableRandom(seed * 31));
      run(seed, disk, seed % 3 == 0 ? Durability.ALWAYS : Durability.INTERVAL, true);
      disk.hits.forEach((what, count) -> hits.merge(what, count, Integer::sum));
    }
    System.out.printf("spool simulation: runs %d, seeds 1..%d, faults %s%n", RUNS, RUNS, hits);
    assertThat(hits).containsKeys("process crash", "machine crash", "torn write", "lost sector", "full",
        "write refused", "force refused", "force beside writes");
    assertThat(hits.values()).allMatch(count -> count >= 20);
  }

  @Test
  void modePressureKeepsWhatItSpilled() throws IOException {
    for (long seed = 1; seed <= 60; seed++) {
      run(seed, new SimDisk(new SplittableRandom(seed * 31)), Durability.PRESSURE, true);
    }
  }

  /** The proof that the property can fail: a spool that loses its force does not hold it. */
  @Test
  void aDiskThatOnlyPretendsToForceIsFoundOut() throws IOException {
    int broken = 0;
    for (long seed = 1; seed <= MUTATED_RUNS; seed++) {
      try {
        run(seed, new ForgetfulDisk(seed * 31), Durability.INTERVAL, true);
      } catch (AssertionError e) {
        broken += e.getMessage().contains("packets older than the last completed force") ? 1 : 0;
      }
    }
    System.out.printf("spool simulation without force: runs %d, packets lost in %d%n", MUTATED_RUNS, broken);
    assertThat(broken).isGreaterThan(3);
  }

  private static void run(long seed, SimDisk disk, Durability durability, boolean machineCrashes) throws IOException {
    SpoolSimulation simulation = new SpoolSimulation(seed, disk, SpoolSimulation.smallConfig(durability));
    simulation.run(machineCrashes);
    simulation.check();
    simulation.checkNothingComesBack();
  }

  private static final class ForgetfulDisk extends SimDisk {
    ForgetfulDisk(long seed) {
      super(new SplittableRandom(seed));
    }

    @Override
    protected int durableBytesAfterForce(int writtenBytes, int durableBytes) {
      return durableBytes;
    }
  }
}
