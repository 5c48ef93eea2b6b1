package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.report.Section;
import java.util.List;
import java.util.Locale;

/**
 * What sessions take of the server's memory.
 *
 * @param empty    before they joined
 * @param full     with all of them
 * @param sessions that joined in between
 */
public record MemoryUse(JvmFacts empty, JvmFacts full, int sessions) {
  /** The heap is in memory from the start, so that what is resident grows by what lies outside of it alone. */
  public static final List<String> FLAGS = List.of("-XX:+AlwaysPreTouch");

  /** Live objects, after a full collection. */
  public long heapBytesPerSession() {
    return (full.heapBytes() - empty.heapBytes()) / sessions;
  }

  /** What the process holds outside the heap, packet caches included. */
  public long nativeBytesPerSession() {
    return (full.rssBytes() - empty.rssBytes()) / sessions;
  }

  public long bytesPerSession() {
    return heapBytesPerSession() + nativeBytesPerSession();
  }

  /** @param of the name of what joined */
  public void putInto(ObjectNode json, String of) {
    json.put("memory_per_" + of + "_bytes", bytesPerSession());
    json.put("heap_per_" + of + "_bytes", heapBytesPerSession());
    json.put("native_per_" + of + "_bytes", nativeBytesPerSession());
    json.put("server_rss_bytes", full.rssBytes());
    json.put("server_live_heap_bytes", full.heapBytes());
    json.put("server_threads", full.threads());
  }

  public void putInto(ObjectNode json) {
    putInto(json, "session");
  }

  public Section section(String of) {
    return new Section.Table("Memory per " + of, "Live objects after a full collection, and resident memory outside the"
        + " heap; " + sessions + " joined in between.", List.of("", "bytes"), List.of(
        List.of("heap", text(heapBytesPerSession())), List.of("outside the heap", text(nativeBytesPerSession())),
        List.of("together", text(bytesPerSession())), List.of("server, resident", text(full.rssBytes())),
        List.of("server, threads", text(full.threads()))));
  }

  private static String text(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
