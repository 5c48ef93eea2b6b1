package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of a process, user and system together, from {@code /proc/<pid>/stat} (proc(5)). */
public final class ProcessCpu {
  /** The kernel counts in ticks of USER_HZ, which is 100 on every architecture of ours. */
  private static final long MICROS_PER_TICK = 10_000;

  private ProcessCpu() {}

  public static long micros(long pid) throws IOException {
    return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
  }

  static long parse(String stat) {
    // The second field is the name in parentheses and may hold spaces; utime and stime are fields 14 and 15.
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12])) * MICROS_PER_TICK;
  }
}
