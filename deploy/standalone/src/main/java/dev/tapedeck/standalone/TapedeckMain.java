package dev.tapedeck.standalone;

import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.Problems;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code ./tapedeck} runs for people: the embedded server, the demo, and small tools. */
@Command(name = "tapedeck", mixinStandardHelpOptions = true, version = "tapedeck 0.1.0",
    description = "A WebRTC media server that records everything it forwards without touching it.",
    subcommands = {
        StandaloneCommand.class, DemoCommand.class, DoctorCommand.class, TokenCommand.class, RecordCommand.class,
        KeysCommand.class, LibraryCommand.class})
public final class TapedeckMain {
  private TapedeckMain() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new TapedeckMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((problem, command, parsed) -> {
          command.getErr().println(command.getCommandName() + ": " + Problems.say(problem));
          if (Boolean.getBoolean("tapedeck.stacktrace")) {
            problem.printStackTrace(command.getErr());
          }
          return problem instanceof RefusedException || problem instanceof ConfigException ? 2 : 1;
        });
  }
}
