package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.packet.PacketArena;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class PacketCacheTest {
  private static final int SLOTS = 100;

  private final PacketArena arena = new PacketArena(Arena.ofAuto(), SLOTS, 64);
  private final PacketCache cache = new PacketCache(new CachedPackets(arena, Long.MAX_VALUE), 16);

  /** As the worker does: a slot comes in, the cache may keep it, the worker lets go. */
  private int put(int sequenceNumber, long arrivalNanos) {
    int slot = arena.allocate();
    int index = cache.put(slot, PacketArena.offset(slot) + 2, sequenceNumber, 20, 1000, arrivalNanos);
    arena.release(slot);
    return index;
  }

  @Test
  void findsWhatWasPut() {
    int index = put(65535, 1);
    assertThat(cache.find(65535)).isEqualTo(index);
    assertThat(cache.offset(index)).isEqualTo(PacketArena.offset(cache.slot(index)) + 2);
    assertThat(cache.headerBytes(index)).isEqualTo(20);
    assertThat(cache.payloadBytes(index)).isEqualTo(1000);
    assertThat(cache.find(65534)).isEqualTo(PacketCache.MISSING);
    assertThat(cache.find(15)).as("same place in the ring").isEqualTo(PacketCache.MISSING);
  }

  @Test
  void holdsTheLastRingOfPacketsAcrossTheWrap() {
    for (int i = 0; i < 1000; i++) {
      put(65_000 + i & 0xFFFF, i);
    }
    assertThat(cache.heldPackets()).isEqualTo(16);
    assertThat(arena.freeSlots()).isEqualTo(SLOTS - 16);
    for (int i = 984; i < 1000; i++) {
      assertThat(cache.find(65_000 + i & 0xFFFF)).isNotEqualTo(PacketCache.MISSING);
    }
    assertThat(cache.find(65_000 + 983 & 0xFFFF)).isEqualTo(PacketCache.MISSING);
  }

  @Test
  void aVeryLatePacketPushesOutNoNewerOne() {
    for (int i = 0; i < 20; i++) {
      put(65_530 + i & 0xFFFF, i);
    }
    assertThat(put(65_531, 20)).as("a ring behind").isEqualTo(PacketCache.MISSING);
    assertThat(cache.find(65_531)).isEqualTo(PacketCache.MISSING);
    assertThat(cache.find(65_531 + 16 & 0xFFFF)).isNotEqualTo(PacketCache.MISSING);
    assertThat(cache.heldPackets()).isEqualTo(16);
    assertThat(arena.freeSlots()).isEqualTo(SLOTS - 16);
  }

  @Test
  void capacityIsAPowerOfTwo() {
    assertThatThrownBy(() -> new PacketCache(new CachedPackets(arena, 0), 100)).hasMessageContaining("not 100");
    assertThatThrownBy(() -> new PacketCache(new CachedPackets(arena, 0), 1 << 16)).hasMessageContaining("32768");
  }
}
