package dev.tapedeck.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composer's REST worker as a process of its own, because a mistake in native code ends the process it happens in. It
 * is started again when it ends; its jobs are in its database and go on.
 */
final class ComposerProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ComposerProcess.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);

  /** What the worker prints when it listens; the port follows. */
  private static final String LISTENING = "composer listens on ";

  private final List<String> command;
  private final Path workerLog;
  private final Thread watcher;
  private volatile boolean closing;
  private volatile Process process;
  private volatile CompletableFuture<URI> listening;

  /**
   * Starts the worker; {@link #awaitListening} tells when it takes requests.
   *
   * @param configuration its configuration file; secrets stand there rather than in arguments, which everybody sees
   * @param workerLog     what it writes to its standard error is appended here
   */
  ComposerProcess(ProgramHome programs, Path configuration, Path workerLog) throws IOException {
    command = programs.composer(
        List.of("worker", "--until-eof", "--config", configuration.toString(), "--http.port=0"));
    this.workerLog = workerLog;
    start();
    watcher = Thread.ofVirtual().name("composer-watch").start(this::watch);
  }

  /** Where the worker's API is now, empty while it starts. */
  Optional<URI> address() {
    CompletableFuture<URI> now = listening;
    return now.isDone() && !now.isCompletedExceptionally() ? Optional.of(now.join()) : Optional.empty();
  }

  /** @throws IOException if the worker does not come to listen */
  void awaitListening() throws IOException {
    try {
      listening.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the composer started", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the composer did not start; see " + workerLog, e);
    }
  }

  /** The worker's standard input is open as long as this process lives: however this one ends, so does the worker. */
  private void start() throws IOException {
    CompletableFuture<URI> told = new CompletableFuture<>();
    Process started = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(workerLog.toFile()))
        .start();
    process = started;
    listening = told;
    Thread.ofVirtual().name("composer-output").start(() -> read(started, told));
  }

  private static void read(Process started, CompletableFuture<URI> listening) {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith(LISTENING)) {
          listening.complete(URI.create(line.substring(LISTENING.length()).strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      listening.completeExceptionally(new IOException("the composer ended before it listened"));
    }
  }

  private void watch() {
    while (!closing) {
      try {
        int status = process.waitFor();
        // Ctrl-C reaches the worker too, so the pause also tells a mishap from the end of everything.
        Thread.sleep(RESTART_PAUSE);
        if (closing) {
          return;
        }
        log.atWarn().addKeyValue("status", status).log("composer ended; starting it again");
        start();
      } catch (InterruptedException e) {
        return;
      } catch (IOException e) {
        log.atError().setCause(e).log("composer could not be started again");
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    watcher.interrupt();
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
