package dev.tapedeck.media.core.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * All packet memory of one worker: fixed slots of native memory, handed out by number and counted by reference.
 *
 * <p>Everything that reads or writes a packet does so by offset into {@link #memory()}, so a packet is never copied
 * between the socket, the cache, the ciphers and the tape's slab. Owned by the worker thread; never grows.
 */
public final class PacketArena {
  /** Bytes of one slot: a datagram of a 1500-byte path with room for a longer header and two tags. */
  public static final int SLOT_BYTES = 2048;

  /** Returned by {@link #allocate} when every slot is in use. */
  public static final int NONE = -1;

  private final MemorySegment memory;
  private final int[] references;
  private final int[] free;
  private int freeCount;

  /**
   * @param arena owns the memory; closing it ends the worker
   * @param slots number of slots, at least 1
   * @param outputBytes region behind the slots where datagrams to be sent are written
   */
  public PacketArena(Arena arena, int slots, int outputBytes) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1, not " + slots);
    }
    memory = arena.allocate((long) slots * SLOT_BYTES + outputBytes, 64);
    references = new int[slots];
    free = new int[slots];
    for (int i = 0; i < slots; i++) {
      free[i] = slots - 1 - i; // low slots first: they stay in the cache
    }
    freeCount = slots;
  }

  /** The memory all offsets of this worker's packets point into. */
  public MemorySegment memory() {
    return memory;
  }

  /** Takes a free slot with one reference, or returns {@link #NONE}. */
  public int allocate() {
    if (freeCount == 0) {
      return NONE;
    }
    int slot = free[--freeCount];
    references[slot] = 1;
    return slot;
  }

  public void retain(int slot) {
    references[slot]++;
  }

  /** Drops one reference; the last one frees the slot. */
  public void release(int slot) {
    int left = --references[slot];
    if (left == 0) {
      free[freeCount++] = slot;
    } else if (left < 0) {
      throw new IllegalStateException("slot " + slot + " released more often than retained");
    }
  }

  /** Offset of the slot's first byte in {@link #memory()}. */
  public static long offset(int slot) {
    return (long) slot * SLOT_BYTES;
  }

  /** Offset of the output region, behind the last slot. */
  public long outputOffset() {
    return (long) references.length * SLOT_BYTES;
  }

  public int freeSlots() {
    return freeCount;
  }

  public int slots() {
    return references.length;
  }
}
