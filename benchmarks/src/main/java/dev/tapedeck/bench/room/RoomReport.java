package dev.tapedeck.bench.room;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.forward.ForwardRun;
import dev.tapedeck.bench.process.JvmFacts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One measurement of a room.
 *
 * @param packetsPerSecond of each video
 * @param empty            the server with its publishers
 * @param full             the same with all subscribers, after the measurement
 * @param joins            from a subscriber's request to its first packet
 */
record RoomReport(int publishers, int packetsPerSecond, ForwardRun run, JvmFacts empty, JvmFacts full,
    List<Duration> joins) {
  private static final ObjectMapper JSON = new ObjectMapper();

  RoomReport {
    joins = joins.stream().sorted().toList();
  }

  /** Live objects and what the process holds outside the heap, packet caches included. */
  long memoryPerSubscriberBytes() {
    return (heapBytes() + nativeBytes()) / run.subscribers();
  }

  private long heapBytes() {
    return full.heapBytes() - empty.heapBytes();
  }

  /** The heap is resident as a whole before and after. */
  private long nativeBytes() {
    return full.rssBytes() - empty.rssBytes();
  }

  /** @param share 0..1 */
  double joinMillis(double share) {
    return joins.get((int) Math.ceil(share * joins.size()) - 1).toNanos() / 1e6;
  }

  String toJson() {
    ObjectNode json = JSON.createObjectNode()
        .put("publishers", publishers)
        .put("subscribers", run.subscribers())
        .put("dropped", run.lost())
        .put("client_drops", run.clientDrops())
        .put("forwarded", run.forwarded())
        .put("cpu_us_per_forwarded_packet", rounded(run.cpuMicrosPerPacket()))
        .put("memory_per_subscriber_bytes", memoryPerSubscriberBytes())
        .put("heap_per_subscriber_bytes", heapBytes() / run.subscribers())
        .put("native_per_subscriber_bytes", nativeBytes() / run.subscribers())
        .put("join_ms_p50", rounded(joinMillis(0.50)))
        .put("join_ms_p99", rounded(joinMillis(0.99)))
        .put("seconds", run.seconds())
        .put("video_packets_per_second", packetsPerSecond)
        .put("verdict", run.verdict());
    ObjectNode threads = json.putObject("cpu_us_by_thread");
    run.threadMicrosPerPacket().forEach((name, micros) -> threads.put(name, rounded(micros)));
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  String toText() {
    return String.format(Locale.ROOT, "%d publishers, %d subscribers: %,d packets forwarded, %,d dropped (%s), %.2f us CPU"
            + " per packet, %,d bytes per subscriber (%,d heap, %,d outside), joined in %.0f ms (99 %%: %.0f ms)",
        publishers, run.subscribers(), run.forwarded(), run.lost(), run.verdict(), run.cpuMicrosPerPacket(),
        memoryPerSubscriberBytes(), heapBytes() / run.subscribers(), nativeBytes() / run.subscribers(),
        joinMillis(0.50), joinMillis(0.99));
  }
}
