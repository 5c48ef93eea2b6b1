package dev.tapedeck.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: the micro-benchmarks, with JMH's own arguments. */
@Command(name = "jmh",
    description = "Runs the micro-benchmarks; arguments go to JMH, for instance a name and -prof gc.")
final class JmhCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", description = "Arguments of JMH; put -- before the first that begins with a dash.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
