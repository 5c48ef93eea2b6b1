package dev.tapedeck.bench.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where figures were taken.
 *
 * @param cpu   model as the kernel names it
 * @param cores that this process may use
 * @param load  average of the last minute, which says whether the machine was quiet
 */
public record Machine(String cpu, int cores, long memoryMebibytes, String kernel, String jdk, double load) {
  private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
  private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB");

  public static Machine here() {
    return new Machine(
        found(MODEL, Path.of("/proc/cpuinfo"), System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(found(MEMORY, Path.of("/proc/meminfo"), "0")) / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"), loadAverage());
  }

  private static String found(Pattern pattern, Path file, String otherwise) {
    try {
      Matcher matcher = pattern.matcher(Files.readString(file));
      return matcher.find() ? matcher.group(1) : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  public void putInto(ObjectNode json) {
    json.putObject("machine").put("cpu", cpu).put("cores", cores).put("memory_mib", memoryMebibytes)
        .put("kernel", kernel).put("jdk", jdk).put("load_average", load);
  }
}
