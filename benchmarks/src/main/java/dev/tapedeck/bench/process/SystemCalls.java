package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Calls of a process into the kernel, counted by perf(1). Each call then takes a little longer, so nothing else is measured
 * at the same time.
 */
public final class SystemCalls {
  private static final String EVENT = "raw_syscalls:sys_enter";

  private SystemCalls() {}

  /** Counts for so long, over all threads; blocks.
   *  @return empty without perf, without the right to use it, or in a kernel without this event */
  public static OptionalLong during(long pid, Duration window) throws IOException {
    String seconds = String.format(Locale.ROOT, "%.3f", window.toNanos() / 1e9);
    try {
      Process perf = new ProcessBuilder("perf", "stat", "-x", ",", "-e", EVENT, "-p", Long.toString(pid), "--", "sleep",
          seconds).redirectErrorStream(true).start();
      String said = new String(perf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return perf.waitFor() == 0 ? parse(said) : OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while counting system calls", e);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The line reads {@code 31194,,raw_syscalls:sys_enter,...}. */
  static OptionalLong parse(String said) {
    return said.lines()
        .filter(line -> line.contains(EVENT))
        .map(line -> line.split(","))
        .filter(fields -> fields[0].matches("\\d+"))
        .mapToLong(fields -> Long.parseLong(fields[0]))
        .findFirst();
  }
}
