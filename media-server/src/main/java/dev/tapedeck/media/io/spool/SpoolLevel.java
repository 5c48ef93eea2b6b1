package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Pressure;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * How full the spool is, and what follows: what tapes leave out, and whether new sessions may come. It is full when its
 * disk is, and, while the disk refuses, when memory is. A store or connector that is away matters only by what gathers
 * here. Updated by the spool thread, read by any.
 */
final class SpoolLevel {
  static final double NOT_READY = 0.80;
  static final double READY_AGAIN = 0.70;
  static final double SHED_UPPER_LAYERS = 0.90;
  static final double ALL_LAYERS_AGAIN = 0.80;

  /** What is left from here on is for audio. */
  static final double SHED_VIDEO = 0.95;

  static final double VIDEO_AGAIN = 0.90;

  private final long budgetBytes;
  private final long memoryBudgetBytes;
  private final SpoolCounters counters;
  private final Watermark crowded = new Watermark(NOT_READY, READY_AGAIN);
  private final Watermark layersTight = new Watermark(SHED_UPPER_LAYERS, ALL_LAYERS_AGAIN);
  private final Watermark videoTight = new Watermark(SHED_VIDEO, VIDEO_AGAIN);
  private volatile Pressure pressure = Pressure.NONE;

  SpoolLevel(long budgetBytes, long memoryBudgetBytes, SpoolCounters counters) {
    this.budgetBytes = budgetBytes;
    this.memoryBudgetBytes = memoryBudgetBytes;
    this.counters = counters;
    counters.budgetBytes.set(budgetBytes);
  }

  /**
   * @param disk         asked what others have left of it
   * @param isRefusing   it takes nothing now
   * @param undurableBytes chunk bytes that live in memory only
   */
  void update(SpoolDisk disk, boolean isRefusing, long undurableBytes) {
    long heldBytes = counters.diskBytes.get();
    long roomBytes = Math.min(usableBytes(disk), Math.max(0, budgetBytes - heldBytes));
    long mayHoldBytes = Math.max(1, heldBytes + roomBytes);
    double onDisk = Math.min(1, (double) heldBytes / mayHoldBytes);
    double inMemory = isRefusing ? (double) undurableBytes / memoryBudgetBytes : 0;
    double fill = Math.max(onDisk, inMemory);
    crowded.update(fill);
    boolean shedsLayers = layersTight.update(fill);
    boolean shedsVideo = videoTight.update(fill);
    pressure = shedsVideo ? Pressure.SHED_VIDEO : shedsLayers ? Pressure.SHED_UPPER_LAYERS : Pressure.NONE;
    counters.budgetBytes.set(mayHoldBytes);
    counters.fillPpm.set(Math.round(fill * 1e6));
  }

  Pressure pressure() {
    return pressure;
  }

  /** Why no new session should come here; empty if it may. */
  Optional<String> obstacle() {
    return crowded.isReached()
        ? Optional.of(String.format(Locale.ROOT, "the spool is %.0f %% full: %d of %d MiB on disk, %d MiB not stored yet",
            counters.fillPpm.get() / 1e4, counters.diskBytes.get() >> 20, counters.budgetBytes.get() >> 20,
            counters.unsentBytes.get() >> 20))
        : Optional.empty();
  }

  /** A disk that does not even tell this will refuse the next write, and be noticed there. */
  private long usableBytes(SpoolDisk disk) {
    try {
      return disk.usableBytes();
    } catch (IOException e) {
      return budgetBytes;
    }
  }
}
