package dev.tapedeck.bench.soak;

import dev.tapedeck.bench.process.BackEnd;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench soak}: recordings that start and stop, and what stays behind in the server. */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Starts and stops recordings in one media server, each until it is stored and has its verdict, and"
        + " looks at heap, native memory, threads and file descriptors. Exits with 1 if any of them grows.")
public final class SoakCommand implements Callable<Integer> {
  private static final int MIN_CYCLES = 10;
  private static final int MAX_CYCLES = 100_000;

  @Spec
  private CommandSpec spec;

  @Option(names = "--cycles", defaultValue = "200", paramLabel = "N",
      description = "Recordings, 10..100000. Default: ${DEFAULT-VALUE}.")
  private int cycles;

  @Option(names = "--data", paramLabel = "DIR",
      description = "Folder of server, store and connector; a temporary one if absent.")
  private Path data;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    if (cycles < MIN_CYCLES || cycles > MAX_CYCLES) {
      throw new ParameterException(spec.commandLine(),
          "--cycles is " + cycles + ", must be " + MIN_CYCLES + ".." + MAX_CYCLES);
    }
    SoakReport report = soak();
    output.tell(report);
    return report.isFlat() ? 0 : 1;
  }

  private SoakReport soak() throws IOException {
    Path folder = data == null ? Files.createTempDirectory("tapedeck-soak-") : Files.createDirectories(data);
    try (BackEnd backEnd = BackEnd.start(folder.resolve("back-end"))) {
      List<String> arguments = new ArrayList<>(backEnd.serverArguments());
      arguments.addAll(List.of("--record.grace=0s", "--record.commit-interval=50ms", "--room.destroy-after=100ms"));
      ServerProcess.Arguments server = new ServerProcess.Arguments(folder.resolve("server"), null, arguments);
      try (ServerProcess running = ServerProcess.start(server, List.of("-XX:NativeMemoryTracking=summary"));
          Soak soak = new Soak(running)) {
        output.say("soaking for " + cycles + " recordings, in " + folder + " ...");
        return new SoakReport(cycles, soak.run(cycles, sample -> output.say(sample.toText())), backEnd.verdicts());
      }
    }
  }
}
