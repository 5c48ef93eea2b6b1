package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * CPU time of every thread of a process, from {@code /proc/<pid>/task/<tid>/schedstat}: nanoseconds that the scheduler
 * accounted, user and system together, where {@code stat} counts ticks of 10 ms. And how often each gave up its CPU.
 *
 * @param threads by thread id
 */
public record ThreadCpu(Map<Integer, Thread> threads) {
  /**
   * @param name         at most 15 bytes, as the kernel keeps it
   * @param waitedNanos  ready to run, while others had the CPU
   * @param switches     to another thread, because it waited or because its time was up
   */
  public record Thread(String name, long nanos, long waitedNanos, long switches) {}

  private static final Pattern SWITCHES = Pattern.compile("(?m)^(?:non)?voluntary_ctxt_switches:\\s+(\\d+)");

  public ThreadCpu {
    threads = Map.copyOf(threads);
  }

  public static ThreadCpu of(long pid) throws IOException {
    Map<Integer, Thread> threads = new HashMap<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        try {
          String schedstat = Files.readString(task.resolve("schedstat"));
          threads.put(Integer.parseInt(task.getFileName().toString()), new Thread(
              Files.readString(task.resolve("comm")).strip(), nanos(schedstat), waitedNanos(schedstat),
              switches(Files.readString(task.resolve("status")))));
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

  /** The second is time on a run queue. */
  static long waitedNanos(String schedstat) {
    return Long.parseLong(schedstat.split(" ")[1]);
  }

  /** Voluntary and involuntary ones together. */
  static long switches(String status) {
    return SWITCHES.matcher(status).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }

  /** Nanoseconds spent since, by name of the thread without its number. */
  public Map<String, Long> since(ThreadCpu before) {
    return grown(before, Thread::nanos);
  }

  /** Nanoseconds for which threads were ready and had to wait since, by name: what else the machine does. */
  public Map<String, Long> waitedSince(ThreadCpu before) {
    return grown(before, Thread::waitedNanos);
  }

  private Map<String, Long> grown(ThreadCpu before, ToLongFunction<Thread> value) {
    Map<String, Long> grown = new TreeMap<>();
    threads.forEach((id, thread) -> {
      Thread then = before.threads.get(id);
      grown.merge(group(thread.name), value.applyAsLong(thread) - (then == null ? 0 : value.applyAsLong(then)), Long::sum);
    });
    return grown;
  }

  /** Context switches of all threads since. */
  public long switchesSince(ThreadCpu before) {
    return grown(before, Thread::switches).values().stream().mapToLong(Long::longValue).sum();
  }

  /** {@code worker-0} is one of the {@code worker}s. */
  static String group(String name) {
    String bare = name.replaceFirst("[-#\\d ]+$", "");
    return bare.isEmpty() ? name : bare;
  }
}
