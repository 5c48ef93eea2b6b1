package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.Metrics;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;

/** Waits until everything a server has taped is stored and verified. */
final class Drained {
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(200);

  private Drained() {}

  /** @throws IOException if that does not come in time */
  static void await(ServerProcess server) throws IOException {
    long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
    Metrics metrics = server.metrics();
    while (metrics.get("tapedeck_spool_unsent_bytes") > 0) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IOException(metrics.get("tapedeck_spool_unsent_bytes") + " bytes were still in the spool after "
            + DEADLINE);
      }
      Pause.of(POLL);
      metrics = server.metrics();
    }
  }
}
