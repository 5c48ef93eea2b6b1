package dev.tapedeck.media.io.spool;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Chunk bytes held in memory, oldest first. Those that are durable give way when the budget is used up; before any
 * other may, it must be made durable. Owned by the spool thread.
 */
final class SpoolMemory {
  private final long budgetBytes;
  private final SpoolCounters counters;
  private final Set<JournalFrame> resident = new LinkedHashSet<>();
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
      JournalFrame oldest = resident.iterator().next();
      mayEvict = oldest.isForced || spill.getAsBoolean();
      if (mayEvict) {
        remove(oldest);
        oldest.evict();
      }
    }
    return bytes + wantedBytes <= budgetBytes;
  }

  void add(JournalFrame frame) {
    if (resident.add(frame)) {
      bytes += frame.payloadBytes;
      counters.memoryBytes.set(bytes);
    }
  }

  void remove(JournalFrame frame) {
    if (resident.remove(frame)) {
      bytes -= frame.payloadBytes;
      counters.memoryBytes.set(bytes);
    }
  }

  /** Bytes of those that are not durable. */
  long undurableBytes() {
    long undurable = 0;
    for (JournalFrame frame : resident) {
      undurable += frame.isForced ? 0 : frame.payloadBytes;
    }
    return undurable;
  }

  Iterable<JournalFrame> frames() {
    return resident;
  }
}
