package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.PacketArena;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedPacketsTest {
  private static final int SLOTS = 1024;
  private static final int RESERVED = SLOTS / 8;
  private static final long MAX_AGE_NANOS = 3_000;

  private final PacketArena arena = new PacketArena(Arena.ofAuto(), SLOTS, 64);
  private final CachedPackets all = new CachedPackets(arena, MAX_AGE_NANOS);

  private void put(PacketCache cache, int sequenceNumber, long nowNanos) {
    int slot = arena.allocate();
    assertThat(slot).as("a slot for packet %d", sequenceNumber).isNotEqualTo(PacketArena.NONE);
    cache.put(slot, PacketArena.offset(slot), sequenceNumber, 12, 100, nowNanos);
    arena.release(slot);
  }

  /** Many streams would fill the arena long before their packets are old. */
  @Test
  void receivingNeverStallsBecauseCachesHoldTheArena() {
    List<PacketCache> caches = new ArrayList<>();
    for (int i = 0; i < 110; i++) {
      caches.add(new PacketCache(all, 1024));
    }
    for (int i = 0; i < 20_000; i++) {
      put(caches.get(i % 110), i / 110, 0);
      assertThat(arena.freeSlots()).isGreaterThanOrEqualTo(RESERVED);
    }
    assertThat(caches.stream().mapToInt(PacketCache::heldPackets).sum()).isEqualTo(SLOTS - RESERVED);
  }

  @Test
  void theOldestGoFirstWhoseverTheyAre() {
    PacketCache quiet = new PacketCache(all, 1024);
    PacketCache busy = new PacketCache(all, 1024);
    put(quiet, 1, 0);
    put(busy, 1, 1);
    put(quiet, 2, 2);
    for (int i = 2; i <= SLOTS - RESERVED - 1; i++) {
      put(busy, i, 3);
    }
    assertThat(quiet.find(1)).as("the oldest of all").isEqualTo(PacketCache.MISSING);
    assertThat(busy.find(1)).isNotEqualTo(PacketCache.MISSING);
    assertThat(quiet.find(2)).isNotEqualTo(PacketCache.MISSING);
    put(busy, SLOTS, 4);
    assertThat(busy.find(1)).as("the next oldest").isEqualTo(PacketCache.MISSING);
    assertThat(quiet.find(2)).isNotEqualTo(PacketCache.MISSING);
  }

  @Test
  void letsOldPacketsGo() {
    PacketCache cache = new PacketCache(all, 1024);
    put(cache, 1, 0);
    put(cache, 2, 1);
    put(cache, 3, MAX_AGE_NANOS);
    assertThat(cache.heldPackets()).isEqualTo(3);
    put(cache, 4, MAX_AGE_NANOS + 1);
    assertThat(cache.find(1)).isEqualTo(PacketCache.MISSING);
    assertThat(cache.find(2)).isNotEqualTo(PacketCache.MISSING);
    cache.clear();
    assertThat(arena.freeSlots()).isEqualTo(SLOTS);
  }

  @Test
  void aPacketThatLeavesTheMiddleLeavesTheOthersInOrder() {
    PacketCache small = new PacketCache(all, 1);
    PacketCache other = new PacketCache(all, 16);
    put(other, 1, 0);
    put(small, 1, 1);
    put(other, 2, 2);
    put(small, 2, 3); // pushes out the packet between the two others
    small.clear();
    put(other, 3, MAX_AGE_NANOS + 2);
    assertThat(other.find(1)).isEqualTo(PacketCache.MISSING);
    assertThat(other.find(2)).isNotEqualTo(PacketCache.MISSING);
    other.clear();
    assertThat(arena.freeSlots()).isEqualTo(SLOTS);
  }
}
