package dev.tapedeck.bench.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** How a benchmark tells what it has found: a mixin. */
public final class OutputOptions {
  private final Machine machine = Machine.here();
  private final Instant startedAt = Instant.now();

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  private boolean json;

  @Option(names = "--report", paramLabel = "FILE", description = "Write tables and plots as one HTML file as well.")
  private Path report;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** A line on the way. */
  public void say(String line) {
    PrintWriter out = command.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** Tells everything, at the end. */
  public void tell(Findings findings) throws IOException {
    say(json ? findings.toJson() : findings.toText());
    if (report != null) {
      HtmlReport.write(report, findings, new HtmlReport.Occasion(machine, commandLine(), startedAt));
    }
  }

  private String commandLine() {
    ParseResult parsed = command.root().commandLine().getParseResult();
    List<String> arguments = parsed == null ? List.of() : parsed.originalArgs();
    return "./tapedeck bench " + String.join(" ", arguments);
  }

  /** The machine as it was when the command began. */
  public Machine machine() {
    return machine;
  }
}
