package dev.tapedeck.bench.peers.process;

import dev.tapedeck.bench.process.ProcessCpu;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A process with all its descendants, read from {@code /proc} (proc(5)).
 *
 * @param rootPid of the process that started the others
 */
public record ProcessTree(long rootPid) {
  private static final Pattern RESIDENT_KIB = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
  private static final Pattern SWITCHES = Pattern.compile("(?m)^(?:non)?voluntary_ctxt_switches:\\s+(\\d+)");
  private static final int KIB = 1024;

  /** Those alive now, the root first. */
  public List<Long> pids() {
    return ProcessHandle.of(rootPid).stream()
        .flatMapToLong(root -> LongStream.concat(
            LongStream.of(rootPid), root.descendants().mapToLong(ProcessHandle::pid)))
        .boxed().toList();
  }

  /** User and system time since the processes began, ended threads included. */
  public long cpuMicros() throws IOException {
    long micros = 0;
    for (long pid : pids()) {
      micros += ProcessCpu.micros(pid);
    }
    return micros;
  }

  /** Resident memory; pages that processes share count for each. */
  public long residentBytes() throws IOException {
    long bytes = 0;
    for (long pid : pids()) {
      bytes += sum(RESIDENT_KIB, Files.readString(Path.of("/proc", Long.toString(pid), "status"))) * KIB;
    }
    return bytes;
  }

  /** Voluntary and forced, of the threads alive now. */
  public long contextSwitches() throws IOException {
    long switches = 0;
    for (long pid : pids()) {
      try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
        for (Path task : tasks) {
          switches += switchesOf(task);
        }
      }
    }
    return switches;
  }

  private static long switchesOf(Path task) throws IOException {
    try {
      return sum(SWITCHES, Files.readString(task.resolve("status")));
    } catch (NoSuchFileException e) {
      return 0; // the thread ended while the folder was read
    }
  }

  private static long sum(Pattern pattern, String status) {
    long sum = 0;
    for (Matcher found = pattern.matcher(status); found.find();) {
      sum += Long.parseLong(found.group(1));
    }
    return sum;
  }
}
