package dev.tapedeck.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Datagrams the kernel threw away because a socket was full, from {@code /proc/net/udp} and {@code udp6} (proc(5)). */
public final class SocketDrops {
  /** A socket for both families is in the second, whatever it is bound to. */
  private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

  private SocketDrops() {}

  /** @return sum over the sockets bound to these ports; 0 where there are no such tables */
  public static long total(Set<Integer> ports) throws IOException {
    long drops = 0;
    for (Path table : TABLES) {
      drops += Files.exists(table) ? parse(Files.readAllLines(table), ports) : 0;
    }
    return drops;
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
