package dev.tapedeck.composer;

import dev.tapedeck.composer.check.CheckCommand;
import dev.tapedeck.composer.synth.SynthCommand;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The composer's command line. Without the name of a command it converts. */
@Command(name = "composer", mixinStandardHelpOptions = true, versionProvider = ComposerCli.Version.class,
    usageHelpWidth = 110, description = "Turns recordings into files that people play.",
    footer = {"", "composer --in-s3 ... is short for composer convert --in-s3 ..."},
    subcommands = {ConvertCommand.class, WorkerCommand.class, SynthCommand.class, CheckCommand.class,
        VerifyCommand.class, RebuildCommand.class})
public final class ComposerCli implements Runnable {
  @Spec
  private CommandSpec command;

  /** Version of the build, from its manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Optional.ofNullable(ComposerCli.class.getPackage().getImplementationVersion()).orElse("dev");
      return new String[] {"composer " + version};
    }
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(withDefaultCommand(arguments)));
  }

  static CommandLine commandLine() {
    return new CommandLine(new ComposerCli());
  }

  /** Options that are not the composer's own belong to {@code convert}; so does the environment of its options. */
  static String[] withDefaultCommand(String[] arguments) {
    boolean isOwn = arguments.length == 0
        ? System.getenv("IN_S3") == null
        : !arguments[0].startsWith("-") || arguments[0].matches("-h|--help|-V|--version");
    if (isOwn) {
      return arguments;
    }
    String[] converted = new String[arguments.length + 1];
    converted[0] = "convert";
    System.arraycopy(arguments, 0, converted, 1, arguments.length);
    return converted;
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "name a command, or say what to convert");
  }
}
