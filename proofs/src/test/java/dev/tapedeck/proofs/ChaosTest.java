package dev.tapedeck.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.chaos.Chaos;
import dev.tapedeck.bench.chaos.ChaosReport;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each fault of {@code bench chaos} once; more runs with {@code -Dproofs.chaos-runs} and {@code -Dproofs.chaos-seed}. */
class ChaosTest {
  private static final long SEED = Long.getLong("proofs.chaos-seed", 3);
  private static final int RUNS = Integer.getInteger("proofs.chaos-runs", 10);
  private static final int LONGEST_FREEZE_MILLIS = 3000;

  @Test
  @DisplayName("D-1, D-14: whatever is killed, frozen, refused or filled up, nothing is lost in silence")
  void nothingIsLostInSilence() throws IOException {
    System.out.println("chaos: seed " + SEED + ", " + RUNS + " runs");
    ChaosReport report = Chaos.run(Path.of("target", "proofs", "chaos"), SEED, 0, RUNS, LONGEST_FREEZE_MILLIS,
        System.out::println);

    assertThat(report.runs()).hasSize(RUNS);
    assertThat(report.complaints()).isEmpty();
    assertThat(report.packetsInFiles()).isPositive();
    System.out.println(report.toJson());
  }
}
