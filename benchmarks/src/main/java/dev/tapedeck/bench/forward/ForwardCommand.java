package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench forward}: the server's CPU per forwarded packet, for some numbers of subscribers. */
@Command(name = "forward", mixinStandardHelpOptions = true, sortOptions = false,
    description = "One publisher of 1,200-byte packets to N subscribers; the server runs as its own process and its CPU"
        + " (user + system) is divided by the packets it forwarded.")
public final class ForwardCommand implements Callable<Integer> {
  private static final int MAX_SUBSCRIBERS = 2_000;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_PACKETS_PER_SECOND = 20_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--subscribers", split = ",", defaultValue = "1,10,50", paramLabel = "N",
      description = "Numbers of subscribers to measure, each 1..2000. Default: ${DEFAULT-VALUE}.")
  private List<Integer> subscribers;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of each measurement, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "20", paramLabel = "S",
      description = "Time before each measurement, 0..600 s, so that the JIT has done most of its work."
          + " Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(names = "--packets-per-second", defaultValue = "1000", paramLabel = "P",
      description = "Of the publisher, in frames of 8 packets, 8..20000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Mixin
  private ServerOptions serverOptions;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the server; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, ForwardLoad.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    subscribers.forEach(count -> OptionRange.check(spec, "--subscribers", count, 1, MAX_SUBSCRIBERS));
    serverOptions.check();
    output.tell(measure());
    return 0;
  }

  private ForwardReport measure() throws IOException {
    try (ServerProcess server = serverOptions.start(data, MemoryUse.FLAGS);
        ForwardLoad load = new ForwardLoad(
            server.target(), ServerOptions.protections(serverOptions.profile()), packetsPerSecond)) {
      load.publish();
      List<ForwardRun> runs = new ArrayList<>();
      for (int count : subscribers) {
        output.say("measuring " + count + " subscribers for " + seconds + " s ...");
        runs.add(measure(server.target(), load, count));
        output.say(runs.getLast().load().toText());
      }
      return new ForwardReport(
          runs, packetsPerSecond, warmUpSeconds, ServerSide.of(server, serverOptions), output.machine());
    }
  }

  private ForwardRun measure(LoadTarget target, ForwardLoad load, int count) throws IOException {
    JvmFacts empty = JvmFacts.of(target.pid());
    load.watch(count);
    LoadRun run = load.measure(Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
    MemoryUse memory = new MemoryUse(empty, JvmFacts.of(target.pid()), count);
    load.leave();
    return new ForwardRun(run, Optional.of(memory));
  }
}
