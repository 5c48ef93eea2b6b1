package dev.tapedeck.protocol.border.core;

import java.net.DatagramSocket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/** Does all that a core may not, so that the rules can be seen to fail. */
final class Offender {
  private Offender() {}

  static void socket() throws Exception {
    new DatagramSocket().close();
  }

  static void channel() throws Exception {
    DatagramChannel.open().close();
  }

  static boolean file() {
    return Files.exists(Path.of("/"));
  }

  static void thread() {
    Thread.onSpinWait();
  }

  static int shared() {
    return new ConcurrentHashMap<>().size();
  }

  static void log() {
    LoggerFactory.getLogger(Offender.class).info("");
  }

  static long nanoTime() {
    return System.nanoTime();
  }

  static long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  static Instant instant() {
    return Instant.now();
  }

  static double chance() {
    return Math.random();
  }
}
