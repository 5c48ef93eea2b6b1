package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of every thread of a process, from {@code /proc/<pid>/task/<tid>/schedstat}: nanoseconds that the scheduler
 * accounted, user and system together, where {@code stat} counts ticks of 10 ms.
 *
 * @param threads by thread id
 */
public record ThreadCpu(Map<Integer, Thread> threads) {
  /** @param name at most 15 bytes, as the kernel keeps it */
  public record Thread(String name, long nanos) {}

  public ThreadCpu {
    threads = Map.copyOf(threads);
  }

  public static ThreadCpu of(long pid) throws IOException {
    Map<Integer, Thread> threads = new HashMap<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        try {
          threads.put(Integer.parseInt(task.getFileName().toString()), new Thread(
              Files.readString(task.resolve("comm")).strip(), nanos(Files.readString(task.resolve("schedstat")))));
        } catch (NoSuchFileException e) {
          // The thread ended while the folder was read.
        }
      }
    }
    return new ThreadCpu(threads);
  }

  /** The first of three numbers is time on a CPU. */
  static long nanos(String schedstat) {
    return Long.parseLong(schedstat.substring(0, schedstat.indexOf(' ')));
  }

  /** Nanoseconds spent since, by name of the thread without its number. */
  public Map<String, Long> since(ThreadCpu before) {
    Map<String, Long> spent = new TreeMap<>();
    threads.forEach((id, thread) -> {
      Thread then = before.threads.get(id);
      spent.merge(group(thread.name), thread.nanos - (then == null ? 0 : then.nanos), Long::sum);
    });
    return spent;
  }

  /** {@code worker-0} is one of the {@code worker}s. */
  static String group(String name) {
    String bare = name.replaceFirst("[-#\\d ]+$", "");
    return bare.isEmpty() ? name : bare;
  }
}
