package dev.tapedeck.protocol.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of Node.js, run in the folder of the client module. */
final class NodeScript {
  /** Tests run in the folder of this Maven module. */
  static final Path MODULE = Path.of("js").toAbsolutePath();

  private static final long DEADLINE_SECONDS = 120;

  private NodeScript() {}

  /**
   * Runs a program to its end.
   *
   * @param input its standard input
   * @return its standard output
   * @throws AssertionError with all it said, when it fails
   */
  static String run(String input, List<String> command) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "js").toAbsolutePath());
    Path in = Files.writeString(folder.resolve("stdin"), input);
    Path out = folder.resolve("stdout");
    Path errors = folder.resolve("stderr");
    Process process = new ProcessBuilder(new ArrayList<>(command)).directory(MODULE.toFile())
        .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
    boolean isOver = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(out, UTF_8);
    if (!isOver || process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command)
          + (isOver ? " failed:\n" : " did not end:\n") + said + Files.readString(errors, UTF_8));
    }
    return said;
  }
}
