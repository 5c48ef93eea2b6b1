package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.ServerFacts;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What taping costs one server: all its threads in long windows, the forwarding ones in short turns. */
record RecordCost(List<RecordRounds.Round> rounds, WorkerTurns.Result turns, ServerFacts server) {
  RecordCost {
    rounds = List.copyOf(rounds);
  }

  /** @param progress hears of each round as it ends */
  static RecordCost measure(ServerProcess server, RecordOptions options, Consumer<RecordRounds.Round> progress)
      throws IOException {
    RecordWarmUp.run(server, options);
    try (RecordLoad plain = joined(server, options, false); RecordLoad taped = joined(server, options, true)) {
      List<RecordRounds.Round> rounds = new RecordRounds(server, plain, taped, options).run(progress);
      WorkerTurns.Result turns = new WorkerTurns(server, plain, taped, options).run();
      plain.unpublish();
      taped.unpublish();
      Drained.await(server);
      return new RecordCost(rounds, turns, server.facts());
    }
  }

  private static RecordLoad joined(ServerProcess server, RecordOptions options, boolean isRecorded) throws IOException {
    RecordLoad load = new RecordLoad(server.target(), options);
    try {
      String rooms = isRecorded ? "taped" : "plain";
      load.hold();
      load.watch(rooms);
      load.publishVideo(rooms, isRecorded);
      return load;
    } catch (IOException e) {
      load.close();
      throw e;
    }
  }
}
