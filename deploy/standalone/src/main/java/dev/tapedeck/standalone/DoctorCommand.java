package dev.tapedeck.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tapedeck doctor}: whether this machine has what the programs need. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = "Checks this machine and says how to mend what is wrong. Ends with 0 unless something fails.")
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "Data folder; ${DEFAULT-VALUE}")
  private Path data;

  @Option(names = "--http.port", paramLabel = "PORT", defaultValue = "8080", description = "${DEFAULT-VALUE}")
  private int httpPort;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws RefusedException {
    if (httpPort < 0 || httpPort > 65_535) {
      throw new RefusedException("--http.port is " + httpPort + "; give 0 to 65535");
    }
    List<Doctor.Finding> findings = Doctor.examine(data, httpPort);
    PrintWriter out = command.commandLine().getOut();
    for (Doctor.Finding finding : findings) {
      out.printf("%-4s  %-16s  %s%n", finding.level().name().toLowerCase(Locale.ROOT), finding.subject(),
          finding.found());
      if (!finding.fix().isEmpty()) {
        out.printf("      %-16s  %s%n", "", finding.fix());
      }
    }
    out.flush();
    return findings.stream().anyMatch(finding -> finding.level() == Doctor.Level.FAIL) ? 1 : 0;
  }
}
