package dev.tapedeck.media.io.spool;

import java.util.LinkedHashMap;
import java.util.function.BooleanSupplier;

/**
 * Chunk bytes held in memory, oldest first. Those that are durable give way when the budget is used up; before any
 * other may, it must be made durable. Owned by the spool thread.
 */
final class SpoolMemory {
  private final long budgetBytes;
  private final SpoolCounters counters;

  /** Each with the hash that may still need it. */
  private final LinkedHashMap<JournalFrame, ChunkHash> resident = new LinkedHashMap<>();

  private long bytes;

  SpoolMemory(long budgetBytes, SpoolCounters counters) {
    this.budgetBytes = budgetBytes;
    this.counters = counters;
  }

  /**
   * @param spill makes everything resident durable; false if the disk refuses
   * @return whether so many bytes fit into the budget now
   */
  boolean makeRoom(long wantedBytes, BooleanSupplier spill) {
    boolean mayEvict = true;
    while (bytes + wantedBytes > budgetBytes && mayEvict && !resident.isEmpty()) {
      JournalFrame oldest = resident.firstEntry().getKey();
      mayEvict = oldest.isForced || spill.getAsBoolean();
      if (mayEvict) {
        resident.get(oldest).catchUp();
        remove(oldest);
        oldest.evict();
      }
    }
    return bytes + wantedBytes <= budgetBytes;
  }

  void add(JournalFrame frame, ChunkHash hash) {
    if (resident.putIfAbsent(frame, hash) == null) {
      bytes += frame.payloadBytes;
      counters.memoryBytes.set(bytes);
    }
  }

  void remove(JournalFrame frame) {
    if (resident.remove(frame) != null) {
      bytes -= frame.payloadBytes;
      counters.memoryBytes.set(bytes);
    }
  }

  /** Bytes of those that are not durable. */
  long undurableBytes() {
    long undurable = 0;
    for (JournalFrame frame : resident.keySet()) {
      undurable += frame.isForced ? 0 : frame.payloadBytes;
    }
    return undurable;
  }

  Iterable<JournalFrame> frames() {
    return resident.keySet();
  }
}
