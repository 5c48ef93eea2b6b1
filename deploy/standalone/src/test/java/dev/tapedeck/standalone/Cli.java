package dev.tapedeck.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What a command said, and how it ended.
 *
 * @param out standard output
 * @param err standard error
 */
record Cli(int status, String out, String err) {
  /** Runs a command in this process. */
  static Cli run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine cli = TapedeckMain.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = cli.execute(texts(arguments));
    return new Cli(status, out.toString(), err.toString());
  }

  /** Runs a command to its end in a process of its own, as the launcher does. */
  static Cli runProcess(Path folder, Object... arguments) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process = process(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int status = process.waitFor();
    return new Cli(status, Files.readString(out), Files.readString(err));
  }

  static ProcessBuilder process(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), TapedeckMain.class.getName()));
    command.addAll(List.of(texts(arguments)));
    return new ProcessBuilder(command);
  }

  /** Lines of both outputs that look like a stack trace. */
  List<String> stackTrace() {
    return (out + err).lines().filter(line -> line.matches("\\s+at [\\w.$]+\\(.*|Exception in thread.*")).toList();
  }

  private static String[] texts(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return texts;
  }
}
