package dev.tapedeck.composer.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code composer check}: decodes files and says what is in them. Exit code 1 if a file could not be read or a frame
 *  of it did not decode. */
@Command(name = "check", mixinStandardHelpOptions = true,
    description = "Decode media files and report codecs, times, picture counters, colours and tones.")
public final class CheckCommand implements Callable<Integer> {

  /** What {@code --json} prints.
   *  @param files    reports, in the order asked
   *  @param problems files that could not be read, with the reason */
  public record Output(List<FileReport> files, List<Problem> problems) {}

  /** @param error why it could not be read */
  public record Problem(String path, String error) {}

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "webm, mkv, ogg, mp4 or ivf")
  private List<Path> files;

  @Option(names = "--clip-fps", defaultValue = "30",
      description = "Frame rate of the synthetic clips in the files; ${DEFAULT-VALUE}")
  private int clipFramesPerSecond;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    List<FileReport> reports = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Path file : files) {
      try {
        reports.add(MediaProbe.probe(file, clipFramesPerSecond));
      } catch (IOException e) {
        problems.add(new Problem(file.toString(), e.getMessage()));
      }
    }
    print(reports, problems);
    return problems.isEmpty() && reports.stream().allMatch(report -> report.decodeErrors() == 0) ? 0 : 1;
  }

  private void print(List<FileReport> reports, List<Problem> problems) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(new Output(reports, problems)));
    } else {
      reports.forEach(report -> print(out, report));
      problems.forEach(problem -> command.commandLine().getErr().println(problem.path() + ": " + problem.error()));
    }
    out.flush();
  }

  private static void print(PrintWriter out, FileReport report) {
    out.printf("%s: %s %s %dx%d, %d ms, %d frames, %d sound frames, %d errors%s%n", report.path(), report.kind(),
        report.codecs(), report.width(), report.height(), report.durationMs(), report.frames(), report.audioFrames(),
        report.decodeErrors(), report.cues() ? ", seekable" : "");
    report.counters().forEach(each -> out.println("  " + each));
    report.tiles().forEach(each -> out.println("  " + each));
    report.tones().forEach(each -> out.println("  " + each));
    if (report.avOffsetMs() != null) {
      out.println("  sound is " + report.avOffsetMs() + " ms after the picture");
    }
  }
}
