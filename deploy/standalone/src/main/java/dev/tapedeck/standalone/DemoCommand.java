package dev.tapedeck.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.protocol.config.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tapedeck demo}: a recorded call of synthetic participants, start to finish. */
@Command(name = "demo", mixinStandardHelpOptions = true, usageHelpWidth = 110,
    description = "Lets synthetic participants meet in a recorded room, and shows verdict, events and files.",
    footer = {"", "Ends with 0 if the verdict is complete and every frame that was sent is in the files."})
final class DemoCommand implements Callable<Integer> {
  private static final int MAX_SECONDS = 600;

  @Option(names = "--participants", defaultValue = "3", paramLabel = "N", description = "1..12; ${DEFAULT-VALUE}")
  private int participants;

  @Option(names = "--seconds", defaultValue = "15", paramLabel = "S", description = "1..600; ${DEFAULT-VALUE}")
  private int seconds;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files; demo-out/<recording>")
  private Path out;

  @Option(names = "--json", description = "End with one line of JSON")
  private boolean json;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws Exception {
    refuseBadOptions();
    ((Logger) LoggerFactory.getLogger("dev.tapedeck")).setLevel(Level.WARN);
    PrintWriter print = command.commandLine().getOut();
    try (Shutdown shutdown = new Shutdown()) {
      Demo.Outcome outcome;
      try (Screen screen = new Screen(print, Screen.isOnTerminal())) {
        outcome = new Demo(participants, seconds, Optional.ofNullable(out), screen).run();
      }
      print(print, outcome);
      if (json) {
        print.println(JsonMapper.builder().build().writeValueAsString(outcome.report()));
      }
      print.flush();
      return outcome.isGood() ? 0 : 1;
    }
  }

  private void refuseBadOptions() throws RefusedException {
    if (participants < 1 || participants > DemoClips.MAX_PARTICIPANTS) {
      throw new RefusedException("--participants is " + participants + "; give 1 to " + DemoClips.MAX_PARTICIPANTS);
    }
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new RefusedException("--seconds is " + seconds + "; give 1 to " + MAX_SECONDS);
    }
    try {
      if (out != null) {
        Files.createDirectories(out);
      }
    } catch (IOException e) {
      throw new RefusedException("--out " + out + " cannot be used: " + Problems.say(e), e);
    }
  }

  private static void print(PrintWriter print, Demo.Outcome outcome) {
    DemoReport report = outcome.report();
    print.printf(Locale.ROOT, "%nVerdict: %s. Recording %d of %.1f s.%n", report.verdict(), report.recordingId(),
        report.durationMs() / 1e3);
    print.printf("Packets: %d sent, %d recorded, %d forwarded. Frames: %d sent, %d in the files.%n%n",
        report.packetsSent(), report.packetsRecorded(), report.packetsForwarded(), report.framesSent(),
        report.framesInFiles());
    for (DemoChecks.Check check : outcome.checks()) {
      print.printf("  %-4s  %-18s  %s%n", check.passed() ? "ok" : "FAIL", check.subject(), check.found());
    }
    print.printf("%nFiles in %s, open the first one first:%n", outcome.folder());
    List<DemoReport.File> files = report.files();
    int width = files.stream().mapToInt(file -> name(file).length()).max().orElse(1);
    for (DemoReport.File file : files) {
      print.printf(Locale.ROOT, "  %-" + width + "s  %-8s  %-9s  %6.1f s  %7.1f kB%n", name(file), file.kind(),
          String.join(", ", file.codecs()), file.durationMs() / 1e3, file.bytes() / 1e3);
    }
    print.println();
  }

  private static String name(DemoReport.File file) {
    return Path.of(file.path()).getFileName().toString();
  }
}
