package dev.tapedeck.bench.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.process.JvmFacts;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * All samples of one soak, and whether they are flat: the lowest of the second half is not above the highest of the
 * first by more than a slack. A leak passes every slack in the end, a cache or a late helper thread does not.
 *
 * @param samples  at even distances, the first after warming up
 * @param verdicts recordings by verdict
 */
record SoakReport(int cycles, List<SoakSample> samples, Map<String, Integer> verdicts) {
  /** Loaded classes, compiled code, metrics: whatever 200 recordings do not double. A session is more than 50 KiB. */
  static final long HEAP_SLACK_BYTES = 1 << 20;
  static final long NATIVE_SLACK_BYTES = 8 << 20;
  static final int THREADS_SLACK = 4;
  static final int FILES_SLACK = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  boolean isFlat() {
    return isFlat(JvmFacts::heapBytes, HEAP_SLACK_BYTES)
        && isFlat(JvmFacts::nativeBytes, NATIVE_SLACK_BYTES)
        && isFlat(JvmFacts::threads, THREADS_SLACK)
        && isFlat(JvmFacts::files, FILES_SLACK);
  }

  private boolean isFlat(ToLongFunction<JvmFacts> value, long slack) {
    return growth(value) <= slack;
  }

  /** From the highest of the first half to the lowest of the second, negative if it fell. */
  private long growth(ToLongFunction<JvmFacts> value) {
    int half = samples.size() / 2;
    long highest = samples.subList(0, half).stream().mapToLong(sample -> value.applyAsLong(sample.facts())).max()
        .orElseThrow();
    long lowest = samples.subList(half, samples.size()).stream()
        .mapToLong(sample -> value.applyAsLong(sample.facts())).min().orElseThrow();
    return lowest - highest;
  }

  String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("cycles", cycles);
    root.put("flat", isFlat());
    put(root.putObject("heap_bytes"), JvmFacts::heapBytes, HEAP_SLACK_BYTES);
    put(root.putObject("native_bytes"), JvmFacts::nativeBytes, NATIVE_SLACK_BYTES);
    put(root.putObject("threads"), JvmFacts::threads, THREADS_SLACK);
    put(root.putObject("file_descriptors"), JvmFacts::files, FILES_SLACK);
    ObjectNode counts = root.putObject("verdicts");
    verdicts.forEach(counts::put);
    samples.forEach(sample -> root.withArray("samples").add(JSON.createObjectNode()
        .put("cycles", sample.cycles())
        .put("heap_bytes", sample.facts().heapBytes())
        .put("native_bytes", sample.facts().nativeBytes())
        .put("rss_bytes", sample.facts().rssBytes())
        .put("threads", sample.facts().threads())
        .put("file_descriptors", sample.facts().files())));
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private void put(ObjectNode node, ToLongFunction<JvmFacts> value, long slack) {
    node.put("first", value.applyAsLong(samples.getFirst().facts()));
    node.put("last", value.applyAsLong(samples.getLast().facts()));
    node.put("growth", growth(value));
    node.put("slack", slack);
    node.put("flat", growth(value) <= slack);
  }

  String toText() {
    return cycles + " recordings, verdicts " + verdicts + ": "
        + (isFlat() ? "heap, native memory, threads and file descriptors stayed flat" : "NOT FLAT, see --json");
  }
}
