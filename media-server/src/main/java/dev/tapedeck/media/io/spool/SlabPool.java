package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.Slab;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Slabs in native memory, made when first needed and then used again. Any thread takes, any gives back; none waits. Those
 * that wait for a slow disk press on tapes long before none is left: the last are for audio.
 */
final class SlabPool {
  /** Shares of all slabs. A tape holds one while it fills it, so only those that wait tell of a slow disk. */
  private static final double SHED_UPPER_LAYERS = 1 / 4.0;
  private static final double SHED_VIDEO = 1 / 2.0;
  private static final double KEPT_FOR_AUDIO = 1 / 8.0;

  private final int slabBytes;
  private final int maxSlabs;
  private final SpoolCounters counters;
  private final Queue<Slab> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Watermark layersTight = new Watermark(SHED_UPPER_LAYERS, SHED_UPPER_LAYERS / 2);
  private final Watermark videoTight = new Watermark(SHED_VIDEO, SHED_VIDEO / 2);
  private final Watermark nearlyOut = new Watermark(1 - KEPT_FOR_AUDIO, 1 - 2 * KEPT_FOR_AUDIO);
  private volatile Pressure pressure = Pressure.NONE;

  SlabPool(int slabBytes, long memoryBytes, SpoolCounters counters) {
    this.slabBytes = slabBytes;
    this.counters = counters;
    maxSlabs = Math.toIntExact(memoryBytes / slabBytes);
  }

  /** An empty slab, or null when all are in use. */
  Slab take() {
    Slab slab = free.poll();
    if (slab == null) {
      slab = make();
    }
    if (slab == null) {
      counters.slabsRefused.incrementAndGet();
      return null;
    }
    inUse.incrementAndGet();
    judge();
    return slab;
  }

  /** A slab that is filled now waits for the spool. */
  void handedOver() {
    waiting.incrementAndGet();
    judge();
  }

  /** Slabs that are filled and wait for the spool. */
  int waiting() {
    return waiting.get();
  }

  /** A slab that was {@link #handedOver} is empty again. */
  void giveBack(Slab slab) {
    waiting.decrementAndGet();
    inUse.decrementAndGet();
    free.add(slab);
    judge();
  }

  /** What tapes are to leave out because slabs run short. */
  Pressure pressure() {
    return pressure;
  }

  private Slab make() {
    if (counters.slabs.incrementAndGet() <= maxSlabs) {
      return new Slab(ByteBuffer.allocateDirect(slabBytes));
    }
    counters.slabs.decrementAndGet();
    return null;
  }

  /** Also called now and then, because threads that judge at the same moment may leave what the earlier one saw. */
  void judge() {
    double share = (double) waiting.get() / maxSlabs;
    boolean shedsLayers = layersTight.update(share);
    boolean shedsVideo = videoTight.update(share) | nearlyOut.update((double) inUse.get() / maxSlabs);
    pressure = shedsVideo ? Pressure.SHED_VIDEO : shedsLayers ? Pressure.SHED_UPPER_LAYERS : Pressure.NONE;
  }
}
