package dev.tapedeck.proofs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The proof that the simulation can fail: each mistake, laid over one seam of the record path, turns it red. */
class PlantedBugsTest {
  private static final int SEEDS = 60;

  private static final Map<String, Supplier<PlantedBug>> BUGS = new LinkedHashMap<>();

  static {
    BUGS.put("skipped force", TapeBugs.SkippedForce::new);
    BUGS.put("skipped force of names", TapeBugs.SkippedForceOfNames::new);
    BUGS.put("torn tail accepted", TapeBugs.TornTailAccepted::new);
    BUGS.put("gap not told on queue overflow", TapeBugs.QueueGapNotTold::new);
    BUGS.put("packet taped twice", TapeBugs.PacketTapedTwice::new);
    BUGS.put("close told before the last chunk", TapeBugs.CloseBeforeLastChunk::new);
    BUGS.put("dropped retry", UploadBugs.DroppedRetry::new);
    BUGS.put("early delete", UploadBugs.EarlyDelete::new);
    BUGS.put("swallowed 403", UploadBugs.SwallowedRefusal::new);
    BUGS.put("wrong chunk index", UploadBugs.WrongIndex::new);
    BUGS.put("stored twice when the answer was lost", UploadBugs.DoubleStore::new);
    BUGS.put("crash gap missing", LedgerBugs.CrashGapMissing::new);
    BUGS.put("interruption kept quiet", LedgerBugs.InterruptionKeptQuiet::new);
    BUGS.put("promise forgotten at restart", LedgerBugs.PromiseForgottenAtRestart::new);
    BUGS.put("acknowledgement not awaited", LedgerBugs.AcknowledgementNotAwaited::new);
    BUGS.put("verified without looking", LedgerBugs.VerifiedWithoutLooking::new);
    BUGS.put("checksum ignored", LedgerBugs.ChecksumIgnored::new);
    BUGS.put("Amended never fired", LedgerBugs.AmendedNeverFired::new);
    BUGS.put("Finalized fired twice", LedgerBugs.FinalizedTwice::new);
  }

  @TempDir
  Path folder;

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(null);
  }

  @Test
  void eachTurnsTheSimulationRed() throws IOException {
    Map<String, Optional<SimRun>> caught = new LinkedHashMap<>();
    try (ConnectorHome home = new ConnectorHome(folder.resolve("bugs"))) {
      for (Map.Entry<String, Supplier<PlantedBug>> bug : BUGS.entrySet()) {
        Optional<SimRun> red = firstRed(bug.getValue(), home);
        caught.put(bug.getKey(), red);
        System.out.printf("planted bug %-40s %s%n", bug.getKey(), red.map(run ->
            "seed " + run.seed() + ": " + run.found().orElseThrow().check()).orElse("NOT FOUND"));
      }
    }
    assertThat(caught).allSatisfy((bug, red) -> assertThat(red).as(bug).isPresent());
  }

  /** The second reader is no ornament: it finds by itself what the first is not asked for. */
  @Test
  void theSecondReaderFindsThemToo() throws Exception {
    List<String> bugs =
        List.of("packet taped twice", "crash gap missing", "verified without looking", "wrong chunk index");
    for (String bug : bugs) {
      try (ConnectorHome home = new ConnectorHome(folder.resolve("second"))) {
        long seed = firstRed(BUGS.get(bug), home).orElseThrow().seed();
        Path dump = SimRun.of(seed, BUGS.get(bug).get(), home, Optional.of(folder)).dump().orElseThrow();
        SecondReader.Judgement judgement = SecondReader.judge(List.of(dump));
        System.out.printf("planted bug %-40s second reader: %s%n", bug, judgement.lines().getFirst());
        assertThat(judgement.isClean()).as(bug).isFalse();
      }
    }
  }

  private Optional<SimRun> firstRed(Supplier<PlantedBug> bug, ConnectorHome home) throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimRun run = SimRun.of(seed, bug.get(), home, Optional.empty());
      if (run.isRed()) {
        return Optional.of(run);
      }
    }
    return Optional.empty();
  }
}
