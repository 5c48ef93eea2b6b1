package dev.tapedeck.bench.start;

import dev.tapedeck.bench.process.OptionRange;
import dev.tapedeck.bench.report.OutputOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench start}: how long until a server takes its first call, with the AOT cache and without. */
@Command(name = "start", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Starts ./tapedeck standalone again and again, in turn with the AOT cache and without, and joins it.")
public final class StartCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 100;

  /** By name, what the JVM is told besides the launcher's flags. */
  private static final SortedMap<String, String> WAYS =
      new TreeMap<>(Map.of("cache", "", "none", "-XX:AOTMode=off"));

  @Spec
  private CommandSpec spec;

  @Option(names = "--rounds", defaultValue = "9", paramLabel = "N",
      description = "Starts of each kind, 1..100; one more at first makes the data folder. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Mixin
  private OutputOptions output;

  @Override
  public Integer call() throws IOException {
    OptionRange.check(spec, "--rounds", rounds, 1, MAX_ROUNDS);
    Path launcher = Path.of(System.getProperty("tapedeck.home", ""), "tapedeck").toAbsolutePath();
    rehearse(launcher);
    Path data = Files.createDirectories(Files.createTempDirectory("tapedeck-start-").resolve("data"));
    OneStart.of(launcher, data, "");
    Map<String, List<OneStart>> starts = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<String, String> way : WAYS.entrySet()) {
        OneStart start = OneStart.of(launcher, data, way.getValue());
        starts.computeIfAbsent(way.getKey(), name -> new ArrayList<>()).add(start);
        output.say(String.format(Locale.ROOT, "%d/%d %-5s ready %.0f ms, joined %.0f ms, CPU %.0f ms", round, rounds,
            way.getKey(), start.readyMillis(), start.joinedMillis(), start.cpuMillis()));
      }
    }
    output.tell(new StartReport(starts));
    return 0;
  }

  /** Else the first starts after a build would have no cache, and share the machine with the making of one. */
  private static void rehearse(Path launcher) throws IOException {
    try {
      int status = new ProcessBuilder(launcher.toString(), "build").inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException(launcher + " build ended with " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the cache was made", e);
    }
  }
}
