package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Slab;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Slabs in native memory, made when first needed and then used again. Any thread takes, any gives back; none waits. */
final class SlabPool {
  private final int slabBytes;
  private final long maxSlabs;
  private final SpoolCounters counters;
  private final Queue<Slab> free = new ConcurrentLinkedQueue<>();

  SlabPool(int slabBytes, long memoryBytes, SpoolCounters counters) {
    this.slabBytes = slabBytes;
    this.counters = counters;
    maxSlabs = memoryBytes / slabBytes;
  }

  /** An empty slab, or null when all are in use. */
  Slab take() {
    Slab slab = free.poll();
    if (slab != null) {
      return slab;
    }
    if (counters.slabs.incrementAndGet() <= maxSlabs) {
      return new Slab(ByteBuffer.allocateDirect(slabBytes));
    }
    counters.slabs.decrementAndGet();
    counters.slabsRefused.incrementAndGet();
    return null;
  }

  void giveBack(Slab slab) {
    free.add(slab);
  }
}
