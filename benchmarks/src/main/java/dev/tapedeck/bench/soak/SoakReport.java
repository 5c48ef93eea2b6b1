package dev.tapedeck.bench.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.report.Findings;
import dev.tapedeck.bench.report.JsonSections;
import dev.tapedeck.bench.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * All samples of one soak, and whether they are flat: the median of the second half is not above that of the first by
 * more than a slack. A leak passes every slack in the end; a cache that fills or a late helper thread does not.
 *
 * @param samples  at even distances, the first after warming up
 * @param verdicts recordings by verdict
 */
record SoakReport(int cycles, List<SoakSample> samples, Map<String, Integer> verdicts) implements Findings {
  /** Jetty keeps a filter chain for each of the last 1,024 paths, and every session has a path of its own. */
  static final long HEAP_SLACK_BYTES = 512 << 10;
  /** Classes that are loaded late and the collector's own tables. */
  static final long NATIVE_SLACK_BYTES = 16 << 20;
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

  /** From the median of the first half to that of the second, negative if it fell. */
  private long growth(ToLongFunction<JvmFacts> value) {
    int half = samples.size() / 2;
    return median(samples.subList(half, samples.size()), value) - median(samples.subList(0, half), value);
  }

  private static long median(List<SoakSample> samples, ToLongFunction<JvmFacts> value) {
    return samples.stream().mapToLong(sample -> value.applyAsLong(sample.facts())).sorted().toArray()
        [samples.size() / 2];
  }

  @Override
  public String toJson() {
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

  @Override
  public String title() {
    return "Tapedeck: " + cycles + " recordings, one after another";
  }

  @Override
  public String verdict() {
    return isFlat() ? "ok" : "something grew";
  }

  @Override
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section.Lines("Memory", "Live objects after full collections, and what the JVM holds outside the heap"
        + " by its own account.", Section.Axis.linear("recordings"), Section.Axis.linear("MiB"), List.of(
        line("heap", JvmFacts::heapBytes), line("outside the heap", JvmFacts::nativeBytes),
        line("resident", JvmFacts::rssBytes))));
    sections.addAll(JsonSections.of(toJson()));
    return sections;
  }

  private Section.Line line(String name, ToLongFunction<JvmFacts> value) {
    return new Section.Line(name, samples.stream().map(sample -> new Section.Point(
        sample.cycles(), value.applyAsLong(sample.facts()) / (double) (1 << 20))).toList());
  }

  @Override
  public String toText() {
    return cycles + " recordings, verdicts " + verdicts + ": "
        + (isFlat() ? "heap, native memory, threads and file descriptors stayed flat" : "NOT FLAT, see --json");
  }
}
