package dev.tapedeck.standalone.browser;

import dev.tapedeck.bench.lab.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of our programs, run from this test's class path in a JVM of its own. */
public final class ServerProcess implements AutoCloseable {
  /** Embedded store, database and composer included, on a machine that has other work. */
  private static final Duration START_DEADLINE = Duration.ofMinutes(3);

  private final Process process;
  private final Path logFile;
  private final String baseUrl;

  private ServerProcess(Process process, Path logFile, Pattern ready) {
    this.process = process;
    this.logFile = logFile;
    try {
      baseUrl = awaitBaseUrl(ready);
    } catch (RuntimeException | Error e) {
      process.destroyForcibly(); // nobody else gets to know it
      throw e;
    }
  }

  /**
   * Starts the program and waits until it says where it listens.
   *
   * @param logFile where its output goes
   * @param ready   matches in the line that tells it is up; the first group is its base URL
   */
  public static ServerProcess start(Class<?> main, Path logFile, Pattern ready, String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(logFile.getParent());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(logFile.toFile()).start();
      return new ServerProcess(process, logFile, ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Such as {@code http://127.0.0.1:43210}. */
  public String baseUrl() {
    return baseUrl;
  }

  /** All that the program has printed. */
  public String log() {
    try {
      return Files.readString(logFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP: it stands still, its sockets stay open. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + exit);
    }
  }

  private String awaitBaseUrl(Pattern ready) {
    return Await.until(ready + " in " + logFile, START_DEADLINE, this::log, log -> isUp(log, ready)).lines()
        .map(ready::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow();
  }

  private boolean isUp(String log, Pattern ready) {
    if (!process.isAlive()) {
      throw new IllegalStateException("the program ended with " + process.exitValue() + " and said:\n" + log);
    }
    return ready.matcher(log).find();
  }
}
