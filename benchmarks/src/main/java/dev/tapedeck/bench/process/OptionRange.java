package dev.tapedeck.bench.process;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a number on the command line may be. */
public final class OptionRange {
  private OptionRange() {}

  /** @throws ParameterException saying what the option must be */
  public static void check(CommandSpec command, String option, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new ParameterException(command.commandLine(),
          option + " is " + value + ", must be " + lowest + ".." + highest);
    }
  }
}
