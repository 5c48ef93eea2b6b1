package dev.tapedeck.bench.room;

import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench room}: one large room; what a subscriber costs, and how long one waits to get in. */
@Command(name = "room", mixinStandardHelpOptions = true, sortOptions = false,
    description = "P publishers of voice and video in one room with S subscribers, each of whom watches one of them (one"
        + " audio, one video); the server runs as its own process.")
public final class RoomCommand implements Callable<Integer> {
  private static final int MAX_PUBLISHERS = 100;
  private static final int MAX_SUBSCRIBERS = 2_000;
  private static final int MAX_SECONDS = 600;
  private static final int MAX_PACKETS_PER_SECOND = 5_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--publishers", defaultValue = "10", paramLabel = "P",
      description = "1..100. Default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(names = "--subscribers", defaultValue = "200", paramLabel = "S",
      description = "1..2000. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
      description = "Length of the measurement, 1..600 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "20", paramLabel = "S",
      description = "Time after the last join before it is measured, 0..600 s. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(names = "--packets-per-second", defaultValue = "60", paramLabel = "N",
      description = "Of each video, in frames of 4 packets of 1,200 bytes, 4..5000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Mixin
  private ServerOptions serverOptions;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the server; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--publishers", publishers, 1, MAX_PUBLISHERS);
    OptionRange.check(spec, "--subscribers", subscribers, 1, MAX_SUBSCRIBERS);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, RoomLoad.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    serverOptions.check();
    output.tell(measure());
    return 0;
  }

  private RoomReport measure() throws IOException {
    try (ServerProcess server = serverOptions.start(data, MemoryUse.FLAGS);
        RoomLoad load = new RoomLoad(
            server.target(), ServerOptions.protections(serverOptions.profile()), packetsPerSecond)) {
      output.say(publishers + " publishers join ...");
      load.publish(publishers);
      output.say(subscribers + " subscribers join, then " + (warmUpSeconds + seconds) + " s ...");
      RoomReport.Measured measured =
          load.measure(subscribers, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
      return new RoomReport(
          publishers, packetsPerSecond, measured, ServerSide.of(server, serverOptions), output.machine());
    }
  }
}
