package dev.tapedeck.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@link Program} that serves, in a JVM of its own, until it is stopped or killed. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(90);
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final Path logFile;
  private final Matcher ready;

  private ServerProcess(Process process, Path logFile, Pattern pattern) {
    this.process = process;
    this.logFile = logFile;
    ready = Await.until(pattern + " in " + logFile, START_DEADLINE, () -> find(pattern), Matcher::hasMatch);
  }

  /**
   * Starts the program and waits until it serves.
   *
   * @param logFile     gets all it prints, anew
   * @param environment besides ours
   */
  static ServerProcess start(Program program, Path logFile, List<String> arguments, Map<String, String> environment) {
    try {
      Files.createDirectories(logFile.getParent());
      ProcessBuilder builder = new ProcessBuilder(program.command(arguments))
          .redirectErrorStream(true).redirectOutput(logFile.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      // Ctrl-C ends this JVM without closing anything; no server may stay behind, not even a stopped one.
      Thread stop = new Thread(process::destroyForcibly, "stop-" + program);
      Runtime.getRuntime().addShutdownHook(stop);
      process.onExit().thenRun(() -> removeHook(stop));
      return new ServerProcess(process, logFile, Pattern.compile(program.ready));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A group of the line that says where it serves. */
  String told(int group) {
    return ready.group(group);
  }

  /** All that the program has printed. */
  public String log() {
    try {
      return Files.readString(logFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * SIGKILL: no shutdown hook runs, nothing is flushed.
   *
   * @return Unix nanoseconds just before the signal
   */
  public long kill() {
    long beforeNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    process.destroyForcibly();
    waitForEnd();
    return beforeNanos;
  }

  /** SIGSTOP: it stands still, its sockets stay open. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  /** SIGTERM, without waiting for the end. */
  public void terminate() {
    signal("TERM");
  }

  /** SIGTERM, as an operator stops it. */
  @Override
  public void close() {
    process.destroy();
    awaitEnd();
  }

  /** Waits until it has ended by itself. */
  public void awaitEnd() {
    if (!waitForEnd()) {
      process.destroyForcibly();
      throw new AssertionError("the program did not stop within " + STOP_SECONDS + " s; it said:\n" + log());
    }
  }

  private void signal(String name) {
    ToolRun.of(List.of("kill", "-" + name, Long.toString(process.pid()))).requireSuccess();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running.
    }
  }

  private boolean waitForEnd() {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Matcher find(Pattern pattern) {
    String log = log();
    Matcher matcher = pattern.matcher(log);
    if (!matcher.find() && !process.isAlive()) {
      throw new IllegalStateException("the program ended with " + process.exitValue() + " and said:\n" + log);
    }
    return matcher;
  }
}
