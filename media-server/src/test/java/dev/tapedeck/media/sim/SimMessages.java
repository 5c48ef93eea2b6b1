package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.packet.Path;

/**
 * Counts the messages in which what a worker sends would reach the kernel: datagrams of one turn to one path, of equal
 * size but for a shorter last one (UDP GSO).
 */
final class SimMessages {
  int messages;
  int datagrams;

  /** Datagrams that share their message with others. */
  int gathered;

  private Path path;
  private long nanos;
  private int firstBytes;
  private int lastBytes;
  private int segments;

  void sent(long nowNanos, Path to, int bytes) {
    datagrams++;
    if (to == path && nowNanos == nanos && lastBytes == firstBytes && bytes <= firstBytes) {
      gathered += segments == 1 ? 2 : 1;
      segments++;
    } else {
      messages++;
      path = to;
      nanos = nowNanos;
      firstBytes = bytes;
      segments = 1;
    }
    lastBytes = bytes;
  }

  void forget() {
    messages = 0;
    datagrams = 0;
    gathered = 0;
  }
}
