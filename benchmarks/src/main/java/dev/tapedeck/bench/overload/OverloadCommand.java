package dev.tapedeck.bench.overload;

import dev.tapedeck.bench.load.ServerSide;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overload}: how much the server carries, and what it does when far more is offered. */
@Command(name = "overload", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Recorded publishers of voice and picture send more from step to step until less arrives than is offered;"
        + " then twice as much is offered: how much still arrives, what is lost of voices and pictures, and whether the"
        + " recordings are complete.")
public final class OverloadCommand implements Callable<Integer> {
  private static final int MAX_CLIENTS = 2_000;
  private static final int MAX_STEPS = 30;
  private static final int MAX_SECONDS = 120;
  private static final int MAX_PACKETS_PER_SECOND = 200_000;
  private static final int MAX_PERCENT = 1_000;
  private static final int TIMES_PERCENT = 150;

  @Spec
  private CommandSpec spec;

  @Option(names = "--publishers", defaultValue = "4", paramLabel = "N",
      description = "Of a voice and a picture, each in a room of its own, 1..2000. Default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(names = "--subscribers", defaultValue = "25", paramLabel = "N",
      description = "Of each publisher, 1..2000, and at most 2000 together. Default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(names = "--packets-per-second", defaultValue = "200", paramLabel = "P",
      description = "Of each picture in the first step, 8..200000. Default: ${DEFAULT-VALUE}.")
  private int packetsPerSecond;

  @Option(names = "--steps", defaultValue = "15", paramLabel = "N",
      description = "At most, each half as much again as the one before, 1..30. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(names = "--overload", defaultValue = "200", paramLabel = "PERCENT",
      description = "Of the load at which most arrived, offered at last, 100..1000. Default: ${DEFAULT-VALUE}.")
  private int overloadPercent;

  @Option(names = "--seconds", defaultValue = "5", paramLabel = "S",
      description = "Length of each measurement, 1..120 s. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--settle", defaultValue = "3", paramLabel = "S",
      description = "Time before each measurement, 0..120 s. Default: ${DEFAULT-VALUE}.")
  private int settleSeconds;

  @Option(names = "--no-record", description = "Record nothing; no store and no connector are started.")
  private boolean isUnrecorded;

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
    OptionRange.check(spec, "--subscribers", subscribers, 1, MAX_CLIENTS / publishers);
    OptionRange.check(
        spec, "--packets-per-second", packetsPerSecond, OverloadLoad.PACKETS_PER_FRAME, MAX_PACKETS_PER_SECOND);
    OptionRange.check(spec, "--steps", steps, 1, MAX_STEPS);
    OptionRange.check(spec, "--overload", overloadPercent, 100, MAX_PERCENT);
    OptionRange.check(spec, "--seconds", seconds, 1, MAX_SECONDS);
    OptionRange.check(spec, "--settle", settleSeconds, 0, MAX_SECONDS);
    serverOptions.check();
    OverloadOptions options = new OverloadOptions(publishers, subscribers, packetsPerSecond, steps, overloadPercent,
        Duration.ofSeconds(settleSeconds), Duration.ofSeconds(seconds), !isUnrecorded);
    output.tell(measure(options));
    return 0;
  }

  private OverloadReport measure(OverloadOptions options) throws IOException {
    Path folder = data == null ? Files.createTempDirectory("tapedeck-overload-") : Files.createDirectories(data);
    if (!options.isRecorded()) {
      return measure(options, folder, List.of(), Map::of);
    }
    try (BackEnd backEnd = BackEnd.start(folder.resolve("back-end"))) {
      List<String> arguments = new ArrayList<>(backEnd.serverArguments());
      arguments.add("--record.grace=1s");
      return measure(options, folder, arguments, backEnd::verdicts);
    }
  }

  /** Waits for the recordings to close and counts what they are. */
  @FunctionalInterface
  private interface Verdicts {
    Map<String, Integer> await() throws IOException;
  }

  private OverloadReport measure(OverloadOptions options, Path folder, List<String> recording, Verdicts verdicts)
      throws IOException {
    List<String> arguments = new ArrayList<>(recording);
    arguments.addAll(serverOptions.arguments());
    ServerProcess.Arguments all =
        new ServerProcess.Arguments(folder.resolve("server"), serverOptions.crypto(), arguments);
    try (ServerProcess server = ServerProcess.start(all, serverOptions.flags());
        OverloadLoad load =
            new OverloadLoad(server.target(), ServerOptions.protections(serverOptions.profile()), options)) {
      load.join();
      List<OverloadStep> measured = climb(load, options);
      int rate = (int) ((long) OverloadReport.peak(measured).picturePacketsPerSecond() * overloadPercent / 100);
      OverloadStep overload = step(load, Math.min(rate, MAX_PACKETS_PER_SECOND));
      load.unpublish();
      return new OverloadReport(options, measured, overload, verdicts.await(),
          ServerSide.of(server, serverOptions), output.machine());
    }
  }

  /** Offers more and more until less arrives. */
  private List<OverloadStep> climb(OverloadLoad load, OverloadOptions options) throws IOException {
    List<OverloadStep> measured = new ArrayList<>();
    int rate = options.firstPerSecond();
    boolean isCarried = true;
    while (isCarried && measured.size() < options.steps() && rate <= MAX_PACKETS_PER_SECOND) {
      OverloadStep step = step(load, rate);
      measured.add(step);
      isCarried = !step.isOverloaded() && !step.isGeneratorBound();
      rate = (int) ((long) rate * TIMES_PERCENT / 100);
    }
    return measured;
  }

  private OverloadStep step(OverloadLoad load, int rate) throws IOException {
    OverloadStep step = load.measure(rate);
    output.say(String.format(Locale.ROOT, "%,.0f packets/s offered, %,.0f arrived, %.1f %% of voices and %.1f %% of"
            + " pictures lost, %.2f cores of workers, %.2f us each%s", step.offeredPerSecond(),
        step.goodputPerSecond(), 100 * step.audioLoss(), 100 * step.videoLoss(), step.workerCores(),
        step.load().cpuMicrosPerPacket(),
        step.load().generator().bound().map(why -> ", the load generator was the bottleneck: " + why).orElse("")));
    return step;
  }
}
