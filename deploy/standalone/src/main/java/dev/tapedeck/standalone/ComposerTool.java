package dev.tapedeck.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs one short command of the composer, as a process of its own like everything that touches native codecs. */
final class ComposerTool {
  private static final int QUOTED_LINES = 5;

  private final ProgramHome programs;

  ComposerTool(ProgramHome programs) {
    this.programs = programs;
  }

  /**
   * What a command said.
   *
   * @param output its standard output
   */
  record Result(int status, String output) {}

  /**
   * Runs a command to its end.
   *
   * @param accepted the highest status that is an answer and not a failure
   * @throws IOException with the last words of the command if it failed, or if this thread was interrupted
   */
  Result run(List<String> arguments, int accepted) throws IOException {
    Path errors = Files.createTempFile("tapedeck-composer-", ".err");
    Process process = new ProcessBuilder(programs.shortComposer(arguments)).redirectError(errors.toFile()).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status > accepted) {
        throw new IOException("composer " + arguments.getFirst() + " ended with " + status + ": " + lastLines(errors));
      }
      return new Result(status, output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during composer " + arguments.getFirst(), e);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(errors);
    }
  }

  private static String lastLines(Path errors) throws IOException {
    List<String> lines = Files.readAllLines(errors);
    return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
  }
}
