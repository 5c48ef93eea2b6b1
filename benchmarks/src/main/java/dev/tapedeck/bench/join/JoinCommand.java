package dev.tapedeck.bench.join;

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
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench join}: what a join costs the server, and what those who are in feel of it. */
@Command(name = "join", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Clients join by WHEP, ICE and DTLS, many at once, while a room plays: the server's CPU per join, how long"
        + " they wait, and how much later media arrives meanwhile.")
public final class JoinCommand implements Callable<Integer> {
  private static final int MAX_JOINS = 2_000;
  private static final int MAX_AT_ONCE = 500;
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_SUBSCRIBERS = 500;
  private static final int MAX_PACKETS_PER_SECOND = 20_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--joins", defaultValue = "200", paramLabel = "N",
      description = "Of each storm, 1..2000. Default: ${DEFAULT-VALUE}.")
  private int joins;

  @Option(names = "--at-once", defaultValue = "16", paramLabel = "N",
      description = "That join at the same time, 1..500. Default: ${DEFAULT-VALUE}.")
  private int atOnce;

  @Option(names = "--rehearsal", defaultValue = "400", paramLabel = "N",
      description = "Joins before the first round, while the server compiles, 0..2000. Default: ${DEFAULT-VALUE}.")
  private int rehearsal;

  @Option(names = "--rounds", defaultValue = "5", paramLabel = "R",
      description = "Storms, 1..100. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--subscribers", defaultValue = "20", paramLabel = "N",
      description = "Of the room that plays, 1..500. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--packets-per-second", defaultValue = "400", paramLabel = "P",
      description = "Of its publisher, in frames of 8 packets, 8..20000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Option(names = "--seconds", defaultValue = "5", paramLabel = "S",
      description = "Length of the quiet window before each storm, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Mixin
  private ServerOptions serverOptions;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the server; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--joins", joins, 1, MAX_JOINS);
    OptionRange.check(spec, "--at-once", atOnce, 1, MAX_AT_ONCE);
    OptionRange.check(spec, "--rehearsal", rehearsal, 0, MAX_JOINS);
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    OptionRange.check(spec, "--subscribers", subscribers, 1, MAX_SUBSCRIBERS);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, JoinLoad.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    serverOptions.check();
    output.tell(measure());
    return 0;
  }

  private JoinReport measure() throws IOException {
    JoinOptions options = new JoinOptions(
        joins, atOnce, rehearsal, rounds, subscribers, packetsPerSecond, Duration.ofSeconds(seconds));
    try (ServerProcess server = serverOptions.start(data, List.of());
        JoinLoad load =
            new JoinLoad(server.target(), ServerOptions.protections(serverOptions.profile()), options)) {
      load.play();
      output.say(rehearsal + " joins before " + rounds + " storms of " + joins + " ...");
      load.rehearse();
      List<JoinRound> measured = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        measured.add(load.round());
        output.say(String.format(Locale.ROOT, "%.2f ms CPU per join, media p99 %.0f us, %.0f us in the storm",
            measured.getLast().cpuMillisPerJoin(), measured.getLast().quiet().latency().worstP99Micros(),
            measured.getLast().storm().latency().worstP99Micros()));
      }
      return new JoinReport(options, measured, ServerSide.of(server, serverOptions), output.machine());
    }
  }
}
