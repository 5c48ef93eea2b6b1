package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM holds at one moment.
 *
 * @param heapBytes   live objects, after a full collection
 * @param nativeBytes committed outside the heap by the JVM's own account, without compiled code and what the compilers
 *                    work in, which grow and shrink by tens of MiB as they please; 0 without
 *                    {@code -XX:NativeMemoryTracking}
 * @param ownBytes    resident and no file's, without what the JVM holds of classes and compiled code, as far as it tells;
 *                    the heap is in it or not, by collector
 * @param rssBytes    resident memory of the process, which ZGC and malloc give back late or never
 * @param threads     platform threads
 * @param files       open file descriptors
 */
public record JvmFacts(long heapBytes, long nativeBytes, long ownBytes, long rssBytes, int threads, int files) {
  private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern COMMITTED = Pattern.compile("(?m)^Total: .*committed=(\\d+)KB");
  private static final Pattern NOT_COUNTED =
      Pattern.compile("(?m)^-\\s+(?:Java Heap|Code|Compiler|Arena Chunk) \\(.*committed=(\\d+)KB");
  private static final Pattern OF_CODE = Pattern.compile("(?m)^-\\s+(?:Class|Metaspace|Symbol|Code|Compiler|Arena Chunk"
      + "|Native Memory Tracking) \\(.*committed=(\\d+)KB");
  private static final Pattern ANONYMOUS = Pattern.compile("(?m)^RssAnon:\\s+(\\d+) kB");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
  private static final int KIB = 1024;

  public static JvmFacts of(long pid) throws IOException {
    String said = jcmd(pid, "GC.class_histogram", "GC.class_histogram", "VM.native_memory summary",
        "System.trim_native_heap"); // or what the compilers have freed stays resident
    Path proc = Path.of("/proc", Long.toString(pid));
    String status = Files.readString(proc.resolve("status"));
    return new JvmFacts(liveHeapBytes(said), nativeBytes(said), (number(ANONYMOUS, status) - sum(OF_CODE, said)) * KIB,
        number(RESIDENT, status) * KIB, count(proc.resolve("task")), count(proc.resolve("fd")));
  }

  /** Bytes of live objects; full collections run. */
  public static long liveHeapBytes(long pid) throws IOException {
    return liveHeapBytes(jcmd(pid, "GC.class_histogram", "GC.class_histogram"));
  }

  /** The last histogram counts: what the first collection hands to cleaners and reference queues is free by then. */
  private static long liveHeapBytes(String said) throws IOException {
    return number(HISTOGRAM_TOTAL, said.substring(said.lastIndexOf("#instances")));
  }

  /** Of what {@code VM.native_memory summary} says. */
  static long nativeBytes(String said) throws IOException {
    if (!COMMITTED.matcher(said).find()) {
      return 0;
    }
    return (number(COMMITTED, said) - sum(NOT_COUNTED, said)) * KIB;
  }

  private static long sum(Pattern category, String said) {
    return category.matcher(said).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new IOException("nothing matches " + pattern + " in:\n" + text);
    }
    return Long.parseLong(found.group(1));
  }

  private static int count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    }
  }

  private static String jcmd(long pid, String... commands) throws IOException {
    Path script = Files.write(Files.createTempFile("jcmd-", ".txt"), List.of(commands));
    try {
      Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
          Long.toString(pid), "-f", script.toString()).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      Files.delete(script);
    }
  }
}
