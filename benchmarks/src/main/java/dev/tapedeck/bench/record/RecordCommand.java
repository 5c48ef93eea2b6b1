package dev.tapedeck.bench.record;

import dev.tapedeck.bench.process.BackEnd;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench record}: what taping costs, with and without it in turn in one run. */
@Command(name = "record", mixinStandardHelpOptions = true, sortOptions = false,
    description = "The same calls in turn without recording and with it; the server runs as its own process, store and"
        + " connector as two more, and the CPU that recording adds is divided by the packets it recorded. Then memory"
        + " and disk with the store away, and the journal's speed beside dd.")
public final class RecordCommand implements Callable<Integer> {
  private static final int MAX_CLIENTS = 500;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_TAPES = 1000;
  private static final int MAX_TURNS = 10_000;
  private static final int MAX_WARM_UP_MEBIBYTES = 65_536;
  private static final int MIN_BITS_PER_SECOND = 100_000;
  private static final int MAX_BITS_PER_SECOND = 50_000_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--publishers", defaultValue = "20", paramLabel = "N",
      description = "Publishers, each in a room of its own, 1..500. Default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(names = "--subscribers", defaultValue = "5", paramLabel = "N",
      description = "Subscribers of each, 0..500. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--bits-per-second", defaultValue = "2000000", paramLabel = "B",
      description = "Of each publisher, RTP headers included, in packets of 1,200 bytes; 100000..50000000. Default:"
          + " ${DEFAULT-VALUE}.")
  private int bitsPerSecond;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of each measurement and age of a chunk, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "4", paramLabel = "S",
      description = "Time before each measurement, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(names = "--warm-up-tapes", defaultValue = "40", paramLabel = "T",
      description = "Short recordings of every publisher before the measurements, while the server compiles, 0..1000."
          + " Default: ${DEFAULT-VALUE}.")
  private int warmUpTapes;

  @Option(names = "--warm-up-rounds", defaultValue = "3", paramLabel = "R",
      description = "Pairs of measurements that are not counted, 0..100. Default: ${DEFAULT-VALUE}.")
  private int warmUpRounds;

  @Option(names = "--journal-warm-up", defaultValue = "1024", paramLabel = "MIB",
      description = "Written by the journal before its speed is measured, 0..65536. Default: ${DEFAULT-VALUE}.")
  private int journalWarmUpMebibytes;

  @Option(names = "--rounds", defaultValue = "6", paramLabel = "R",
      description = "Pairs of measurements, 1..100. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--turns", defaultValue = "100", paramLabel = "T",
      description = "Pairs of turns of about a second, without recording and with it, for the forwarding threads,"
          + " 1..10000. Default: ${DEFAULT-VALUE}.")
  private int turns;

  @Mixin
  private ServerOptions serverOptions;

  @Option(names = "--data", paramLabel = "DIR",
      description = "Folder of server, store and connector; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--publishers", publishers, 1, MAX_CLIENTS);
    OptionRange.check(spec, "--subscribers", subscribers, 0, MAX_CLIENTS);
    OptionRange.check(spec, "--bits-per-second", bitsPerSecond, MIN_BITS_PER_SECOND, MAX_BITS_PER_SECOND);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up-rounds", warmUpRounds, 0, MAX_ROUNDS);
    OptionRange.check(spec, "--warm-up-tapes", warmUpTapes, 0, MAX_TAPES);
    OptionRange.check(spec, "--journal-warm-up", journalWarmUpMebibytes, 0, MAX_WARM_UP_MEBIBYTES);
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    OptionRange.check(spec, "--turns", turns, 1, MAX_TURNS);
    serverOptions.check();
    output.tell(measure());
    return 0;
  }

  private RecordReport measure() throws IOException {
    Path folder = data == null ? Files.createTempDirectory("tapedeck-record-") : Files.createDirectories(data);
    RecordOptions options = new RecordOptions(publishers, subscribers, bitsPerSecond, Duration.ofSeconds(seconds),
        Duration.ofSeconds(warmUpSeconds), warmUpTapes, warmUpRounds, rounds, turns, folder, serverOptions.crypto(),
        serverOptions.profile());
    try (BackEnd backEnd = BackEnd.start(folder.resolve("back-end"))) {
      output.say("measuring " + rounds + " rounds of two times " + seconds + " s, in " + folder + " ...");
      RecordCost cost;
      try (ServerProcess server = start(options, backEnd, "server", List.of())) {
        cost = RecordCost.measure(server, options, this::tell);
        tell(cost.turns());
        backEnd.verdicts(); // the server stays until its recordings have closed, a grace after their last tape
      }
      output.say("measuring memory and disk with the store away ...");
      StoreAway.Result away;
      Map<String, Integer> verdicts;
      try (ServerProcess server = start(options, backEnd, "server-away",
          List.of("--record.memory-budget=" + StoreAway.MEMORY_BUDGET_BYTES))) {
        away = new StoreAway(backEnd, server, options).run();
        verdicts = backEnd.verdicts();
      }
      output.say("measuring the journal beside dd ...");
      Map<JournalSpeed.Mode, List<JournalSpeed.Round>> speed = new EnumMap<>(JournalSpeed.Mode.class);
      for (JournalSpeed.Mode mode : JournalSpeed.Mode.values()) {
        speed.put(mode, new JournalSpeed(folder.resolve("speed"), mode)
            .run(rounds, (long) journalWarmUpMebibytes << 20));
      }
      return new RecordReport(options, cost, away, speed, verdicts, output.machine());
    }
  }

  private ServerProcess start(RecordOptions options, BackEnd backEnd, String folder, List<String> more)
      throws IOException {
    List<String> arguments = new ArrayList<>(backEnd.serverArguments());
    arguments.add("--record.chunk-age=" + options.window().toSeconds() + "s");
    arguments.add("--record.grace=1s");
    arguments.addAll(more);
    arguments.addAll(serverOptions.arguments());
    return ServerProcess.start(
        new ServerProcess.Arguments(options.data().resolve(folder), options.crypto(), arguments),
        serverOptions.flags());
  }

  private void tell(RecordRounds.Round round) {
    output.say(String.format(Locale.ROOT, "worker %+.3f us (%+.1f %%), process %+.3f us per recorded packet (%s / %s)",
        round.addedWorkerMicros(), round.addedWorkerPercent(), round.addedProcessMicros(), round.without().verdict(),
        round.with().verdict()));
  }

  private void tell(WorkerTurns.Result turns) {
    Interval added = Interval.of(turns.addedMicros());
    output.say(String.format(Locale.ROOT, "worker %+.3f us per recorded packet in %d pairs of turns, with 95 %% confidence"
        + " %.3f to %.3f; base %.3f us", added.median(), turns.pairs().size(), added.from(), added.to(), turns.baseMicros()));
  }
}
