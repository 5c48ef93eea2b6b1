package dev.tapedeck.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Real programs, real clients, one fault per run; afterwards what the senders say they sent is held against the bucket,
 * and what the manifests say against both.
 */
public final class Chaos {
  private Chaos() {}

  /**
   * Runs them one after the other.
   *
   * @param folder          emptied first; keeps logs and data
   * @param longestFreezeMs the most a process stands still, above 500
   * @param progress        gets a line for people after each run
   */
  public static ChaosReport run(Path folder, long seed, int firstRun, int runs, int longestFreezeMs,
      Consumer<String> progress) throws IOException {
    try (Deployment deployment = Deployment.start(folder)) {
      List<Fault> possible = deployment.possible();
      List<RunResult> results = new ArrayList<>();
      for (int run = firstRun; run < firstRun + runs; run++) {
        results.add(ChaosRun.of(deployment, ChaosPlan.draw(seed, run, possible, longestFreezeMs)));
        progress.accept(results.getLast().text());
      }
      return new ChaosReport(seed, deployment.kills(), possible, results);
    }
  }
}
