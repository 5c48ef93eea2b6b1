package dev.tapedeck.media.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketArenaTest {
  private static final int SLOTS = 16;

  private final PacketArena arena = new PacketArena(Arena.ofAuto(), SLOTS, 1000);

  @Test
  void slotsAndOutputRegionDoNotOverlap() {
    assertThat(arena.outputOffset()).isEqualTo((long) SLOTS * PacketArena.SLOT_BYTES);
    assertThat(arena.memory().byteSize()).isEqualTo(arena.outputOffset() + 1000);
    assertThat(PacketArena.offset(SLOTS - 1) + PacketArena.SLOT_BYTES).isEqualTo(arena.outputOffset());
  }

  @Test
  void everySlotIsGivenOutOnceUntilNoneIsLeft() {
    Map<Integer, Integer> taken = new HashMap<>();
    for (int i = 0; i < SLOTS; i++) {
      taken.merge(arena.allocate(), 1, Integer::sum);
    }
    assertThat(taken).hasSize(SLOTS).doesNotContainKey(PacketArena.NONE);
    assertThat(arena.allocate()).isEqualTo(PacketArena.NONE);
    assertThat(arena.freeSlots()).isZero();
  }

  @Test
  void aSlotIsFreeAfterItsLastReference() {
    int slot = arena.allocate();
    arena.retain(slot);
    arena.release(slot);
    assertThat(arena.freeSlots()).isEqualTo(SLOTS - 1);
    arena.release(slot);
    assertThat(arena.freeSlots()).isEqualTo(SLOTS);
    assertThat(arena.allocate()).isEqualTo(slot);
  }

  @Test
  void releasingTooOftenIsFoundAtOnce() {
    int slot = arena.allocate();
    arena.release(slot);
    assertThatThrownBy(() -> arena.release(slot)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("slot " + slot);
  }

  @Test
  void anArenaHasSlots() {
    assertThatThrownBy(() -> new PacketArena(Arena.ofAuto(), 0, 1000)).hasMessageContaining("at least 1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void referencesAddUpWhateverHappens(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Integer> model = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      int slot = random.nextInt(SLOTS);
      if (random.nextInt(3) == 0) {
        int given = arena.allocate();
        assertThat(given == PacketArena.NONE).isEqualTo(model.size() == SLOTS);
        if (given != PacketArena.NONE) {
          assertThat(model.put(given, 1)).as("seed %d: slot given out twice", seed).isNull();
        }
      } else if (model.containsKey(slot) && random.nextInt(3) == 0) {
        arena.retain(slot);
        model.merge(slot, 1, Integer::sum);
      } else if (model.containsKey(slot)) {
        arena.release(slot);
        model.computeIfPresent(slot, (key, references) -> references == 1 ? null : references - 1);
      }
      assertThat(arena.freeSlots()).isEqualTo(SLOTS - model.size());
    }
  }
}
