package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program as a child of this process, with all it prints in a file. */
public final class ChildProgram implements AutoCloseable {
  /** A machine with much else to do starts a JVM slowly. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int LOG_LINES = 30;

  /** Asked again and again while a program starts. */
  @FunctionalInterface
  public interface Check {
    boolean holds() throws IOException;
  }

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProgram(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a main class of this class path in a JVM of its own, otherwise as {@link #start}.
   *  @param flags of the JVM */
  public static ChildProgram startJava(String name, List<String> flags, String mainClass, List<String> arguments,
      Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return start(name, command, log);
  }

  /**
   * Starts it and does not wait for anything.
   *
   * @param name    for messages
   * @param command program and arguments
   * @param log     gets what it prints, behind what is there
   */
  public static ChildProgram start(String name, List<String> command, Path log) throws IOException {
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
    // Ctrl-C ends this JVM without closing anything; no program may stay behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-" + name));
    return new ChildProgram(name, process, log);
  }

  /** Waits until the check holds; on failure the program is stopped.
   *  @throws IOException if the program ends or is not ready in time; the message has the end of its log */
  public void await(Check ready) throws IOException {
    try {
      long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
      while (!ready.holds()) {
        if (!process.isAlive()) {
          throw new IOException(name + " ended with " + process.exitValue() + ":\n" + endOfLog());
        }
        if (System.nanoTime() - deadlineNanos > 0) {
          throw new IOException(name + " was not ready within " + START_TIMEOUT + ":\n" + endOfLog());
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " started", e);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Waits for a line that matches. */
  public Matcher awaitLine(Pattern line) throws IOException {
    Matcher[] found = new Matcher[1];
    await(() -> {
      found[0] = line.matcher(Files.readString(log));
      return found[0].find();
    });
    return found[0];
  }

  public long pid() {
    return process.pid();
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  /** SIGTERM, and SIGKILL when that does not end it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
