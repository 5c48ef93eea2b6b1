package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.packet.PacketArena;
import java.util.Arrays;

/**
 * All packets that the caches of one worker hold, from the oldest to the newest: a doubly linked list over the arena's
 * slots, since a slot lies in one cache at most. Caches keep what may be asked for again, but never at the expense of
 * receiving: where the arena runs short the oldest go, whoever's they are. Owned by the worker thread.
 */
public final class CachedPackets {
  private static final int NONE = PacketArena.NONE;

  /** This part of the arena stays free for what comes in and for what is on its way out. */
  private static final int RESERVED_PART = 8;

  private final PacketArena arena;
  private final long maxAgeNanos;
  private final int reservedSlots;

  /** Per slot: who holds it, at which index and since when, and its neighbours in the list. */
  private final PacketCache[] owners;
  private final int[] indices;
  private final long[] sinceNanos;
  private final int[] older;
  private final int[] newer;
  private int oldest = NONE;
  private int newest = NONE;

  /** @param maxAgeNanos packets older than this are let go */
  public CachedPackets(PacketArena arena, long maxAgeNanos) {
    this.arena = arena;
    this.maxAgeNanos = maxAgeNanos;
    reservedSlots = arena.slots() / RESERVED_PART;
    owners = new PacketCache[arena.slots()];
    indices = new int[arena.slots()];
    sinceNanos = new long[arena.slots()];
    older = new int[arena.slots()];
    newer = new int[arena.slots()];
    Arrays.fill(older, NONE);
    Arrays.fill(newer, NONE);
  }

  /** Takes note of a packet that a cache now holds at an index; lets go of what is too old, or too much. */
  void add(PacketCache owner, int index, int slot, long nowNanos) {
    owners[slot] = owner;
    indices[slot] = index;
    sinceNanos[slot] = nowNanos;
    older[slot] = newest;
    if (newest == NONE) {
      oldest = slot;
    } else {
      newer[newest] = slot;
    }
    newest = slot;
    arena.retain(slot);
    while (oldest != slot && (arena.freeSlots() < reservedSlots || nowNanos - sinceNanos[oldest] > maxAgeNanos)) {
      owners[oldest].dropAt(indices[oldest]);
    }
  }

  /** A cache lets go of a packet. */
  void remove(int slot) {
    int before = older[slot];
    int after = newer[slot];
    if (before == NONE) {
      oldest = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      older[after] = before;
    }
    owners[slot] = null;
    older[slot] = NONE;
    newer[slot] = NONE;
    arena.release(slot);
  }
}
