package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * Many short tapes before anything is measured. What runs once for a chunk runs a few times a second only, and the JVM
 * would go on compiling it for the better part of an hour; each short tape ends, is sealed, uploaded and told of.
 */
final class RecordWarmUp {
  private static final String ROOMS = "warm-up";
  private static final Duration TAPE = Duration.ofMillis(500);

  private RecordWarmUp() {}

  static void run(ServerProcess server, RecordOptions options) throws IOException {
    try (RecordLoad load = new RecordLoad(server.target(), options)) {
      for (int i = 0; i < options.warmUpTapes(); i++) {
        load.publishVideo(ROOMS, true);
        Pause.of(TAPE);
        load.unpublish();
      }
      Drained.await(server);
    }
  }
}
