package dev.tapedeck.bench.chaos;

import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench chaos}: kills, freezes, refuses, fills up; then counts. */
@Command(name = "chaos", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Runs media server, connector and composer as processes with real clients, does one bad thing per run,"
        + " and holds the senders' own logs against the bucket.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing lost, misjudged or left open", "1:something was; stderr names seed and run", "2:wrong usage"})
public final class ChaosCommand implements Callable<Integer> {
  private static final int MAX_RUNS = 100_000;
  private static final int MAX_FREEZE_SECONDS = 600;

  @Spec
  private CommandSpec spec;

  @Option(names = "--runs", defaultValue = "10", paramLabel = "N",
      description = "How many, 1..100000; each fault comes once in as many runs as there are faults. Default:"
          + " ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--seed", defaultValue = "1", paramLabel = "S", description = "Of all chance. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--first-run", defaultValue = "0", paramLabel = "K",
      description = "Begin with this run of the seed, to repeat one. Default: ${DEFAULT-VALUE}.")
  private int firstRun;

  @Option(names = "--longest-freeze", defaultValue = "60", paramLabel = "S",
      description = "The most a process stands still by SIGSTOP, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int longestFreezeSeconds;

  @Option(names = "--data", paramLabel = "DIR", defaultValue = "target/chaos",
      description = "Folder of programs and store, emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--runs", runs, 1, MAX_RUNS);
    OptionRange.check(spec, "--first-run", firstRun, 0, MAX_RUNS);
    OptionRange.check(spec, "--longest-freeze", longestFreezeSeconds, 1, MAX_FREEZE_SECONDS);
    ChaosReport report = Chaos.run(data, seed, firstRun, runs, longestFreezeSeconds * 1000, output::say);
    report.complaints().forEach(spec.commandLine().getErr()::println);
    output.tell(report);
    return report.isGood() ? 0 : 1;
  }
}
