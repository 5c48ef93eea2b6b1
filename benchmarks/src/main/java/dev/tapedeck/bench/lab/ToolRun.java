package dev.tapedeck.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran to its end.
 *
 * @param exitCode of the process
 * @param out      its standard output
 * @param err      its standard error
 */
public record ToolRun(int exitCode, String out, String err) {
  private static final int MINUTES = 3;

  public static ToolRun of(Program program, String... arguments) {
    return of(program.command(List.of(arguments)));
  }

  public static ToolRun of(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      String out = text(process.getInputStream());
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command.getLast() + " did not end within " + MINUTES + " minutes");
      }
      return new ToolRun(process.exitValue(), out, err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public ToolRun requireSuccess() {
    if (exitCode != 0) {
      throw new AssertionError("ended with " + exitCode + ": " + err + out);
    }
    return this;
  }

  private static String text(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
