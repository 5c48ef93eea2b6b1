package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@link RoomsCommand} and {@link AudioCommand} have in common: one arrangement after the other, on one server. */
abstract class ConferenceCommand implements Callable<Integer> {
  static final int MAX_PERSONS = 2_000;
  private static final int MAX_SECONDS = 600;

  @Spec
  private CommandSpec spec;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of each measurement, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "20", paramLabel = "S",
      description = "Time before each measurement, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Mixin
  private ServerOptions serverOptions;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the server; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  /** @throws picocli.CommandLine.ParameterException saying which option must be what */
  abstract List<Conference> conferences(CommandSpec command);

  abstract String title();

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    serverOptions.check();
    List<Conference> conferences = conferences(spec);
    output.tell(measure(conferences));
    return 0;
  }

  private ConferenceReport measure(List<Conference> conferences) throws IOException {
    try (ServerProcess server = serverOptions.start(data, MemoryUse.FLAGS)) {
      List<ConferenceRun> runs = new ArrayList<>();
      for (Conference conference : conferences) {
        output.say("measuring " + conference.rooms() + " rooms of " + conference.people() + " for " + seconds
            + " s ...");
        runs.add(measure(server, conference));
        output.say(runs.getLast().load().toText());
      }
      return new ConferenceReport(
          title(), runs, warmUpSeconds, ServerSide.of(server, serverOptions), output.machine());
    }
  }

  private ConferenceRun measure(ServerProcess server, Conference conference) throws IOException {
    try (ConferenceLoad load = new ConferenceLoad(
        server.target(), ServerOptions.protections(serverOptions.profile()), conference)) {
      return load.measure(Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
    }
  }
}
