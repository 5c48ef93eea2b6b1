package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Datagrams the kernel threw away because one of our sockets was full, from {@code /proc/net/udp} (proc(5)). */
public final class SocketDrops {
  private static final Path TABLE = Path.of("/proc/net/udp");

  private SocketDrops() {}

  /** @return sum over the sockets bound to these ports; 0 where there is no such table */
  public static long total(Set<Integer> ports) throws IOException {
    return Files.exists(TABLE) ? parse(Files.readAllLines(TABLE), ports) : 0;
  }

  static long parse(List<String> table, Set<Integer> ports) {
    long drops = 0;
    for (String line : table.subList(Math.min(1, table.size()), table.size())) {
      String[] fields = line.trim().split("\\s+");
      int port = Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16);
      if (ports.contains(port)) {
        drops += Long.parseLong(fields[fields.length - 1]);
      }
    }
    return drops;
  }
}
