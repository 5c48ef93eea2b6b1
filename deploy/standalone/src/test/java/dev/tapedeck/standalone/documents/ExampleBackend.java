package dev.tapedeck.standalone.documents;

import dev.tapedeck.bench.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backend of the page about clients, running. */
final class ExampleBackend implements AutoCloseable {
  private static final Pattern RUNNING = Pattern.compile("backend on (http://\\S+)");

  private final Process process;
  private final Path log;
  private final String url;

  private ExampleBackend(Process process, Path log) {
    this.process = process;
    this.log = log;
    url = Await.until("the backend in " + log, this::said, said -> !process.isAlive() || RUNNING.matcher(said).find())
        .lines().map(RUNNING::matcher).filter(Matcher::find).map(match -> match.group(1)).findFirst()
        .orElseThrow(() -> new IllegalStateException("the backend ended: " + said()));
  }

  static ExampleBackend start(List<String> command, Map<String, String> environment, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new ExampleBackend(builder.start(), log);
  }

  String url() {
    return url;
  }

  /** All it has printed: a line for each hook that it found genuine. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
