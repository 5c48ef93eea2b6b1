package dev.tapedeck.protocol.config;

import java.util.List;

/** A configuration that the program must not start with; the message holds every problem, one a line. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
