package dev.tapedeck.proofs.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle that shares no code with what it judges: one Python process for many runs, on top of the chunk reader that
 * was written from docs/chunk-format.md alone.
 */
final class SecondReader {
  private static final Path JUDGE = Path.of("src/test/python/judge_runs.py");
  private static final Path READER = Path.of("../protocol/src/test/python/read_chunk.py");

  private SecondReader() {}

  /**
   * What it says of these runs.
   *
   * @param lines one for each broken promise, then the sum
   */
  record Judgement(boolean isClean, List<String> lines) {
    String sum() {
      return lines.getLast();
    }
  }

  static Judgement judge(List<Path> runs) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", JUDGE.toString(), READER.toString()));
    runs.forEach(run -> command.add(run.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    int status = process.waitFor();
    if (status > 1 || lines.isEmpty() || !lines.getLast().startsWith("second reader")) {
      throw new IOException("judge_runs.py ended with status " + status + ": " + lines);
    }
    return new Judgement(status == 0, lines);
  }
}
