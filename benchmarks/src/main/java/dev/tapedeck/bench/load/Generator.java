package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * What the clients themselves did in a window: a load generator that cannot keep up measures itself.
 *
 * @param threadNanos CPU time of this process by kind of thread
 * @param counted     packets that the counting thread received
 * @param sentAudio   packets of voices that the publishers sent
 * @param sentVideo   packets of pictures
 * @param planned     packets they were to send
 * @param drops       datagrams thrown away at full sockets of ours
 */
public record Generator(double seconds, Map<String, Long> threadNanos, long counted, long sentAudio, long sentVideo,
    long planned, long drops) {
  /** One thread that is busy for longer has no time left for a burst. */
  private static final double BUSY_SHARE = 0.9;
  private static final double LEAST_SENT_SHARE = 0.95;

  public Generator {
    threadNanos = Map.copyOf(threadNanos);
  }

  public long sent() {
    return sentAudio + sentVideo;
  }

  public double cpuNanos() {
    return threadNanos.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Share of one core that the busiest of the loops took, 0..1. */
  public double busiestShare() {
    return threadNanos.entrySet().stream().filter(thread -> thread.getKey().startsWith("bench-"))
        .mapToLong(Map.Entry::getValue).max().orElse(0) / 1e9 / seconds;
  }

  /** Microseconds of the counting thread per packet it received. */
  public double microsPerCountedPacket() {
    return counted == 0 ? 0 : threadNanos.getOrDefault(LoadClients.COUNTING_LOOP, 0L) / 1e3 / counted;
  }

  /** Why the figures of this window may be those of the clients; empty if they are the server's. */
  public Optional<String> bound() {
    if (drops > 0) {
      return Optional.of(drops + " datagrams dropped at its own sockets");
    }
    if (sent() < planned * LEAST_SENT_SHARE) {
      return Optional.of("it sent " + sent() + " of " + planned + " packets");
    }
    if (busiestShare() > BUSY_SHARE) {
      return Optional.of("one of its threads was busy for " + Math.round(100 * busiestShare()) + " % of the time");
    }
    return Optional.empty();
  }

  void putInto(ObjectNode json) {
    json.put("cpu_cores", Rounded.thousandth(cpuNanos() / 1e9 / seconds));
    json.put("busiest_thread_share", Rounded.thousandth(busiestShare()));
    json.put("cpu_us_per_received_packet", Rounded.thousandth(microsPerCountedPacket()));
    json.put("sent", sent());
    json.put("planned", planned);
    json.put("socket_drops", drops);
    bound().ifPresent(why -> json.put("why_bound", why));
  }
}
