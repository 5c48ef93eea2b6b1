package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.record.Pressure;
import dev.tapedeck.media.core.record.Slab;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  private static final int SLABS = 64;

  private final SpoolCounters counters = new SpoolCounters();
  private final SlabPool pool = new SlabPool(1024, SLABS * 1024, counters);
  private final Deque<Slab> waiting = new ArrayDeque<>();

  @Test
  void whatWaitsForTheDiskPressesOnUpperLayersThenOnVideo() {
    handOver(15);
    assertThat(pool.pressure()).isEqualTo(Pressure.NONE);
    handOver(1);
    assertThat(pool.pressure()).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    handOver(16);
    assertThat(pool.pressure()).isEqualTo(Pressure.SHED_VIDEO);
    takeBack(15);
    assertThat(pool.pressure()).isEqualTo(Pressure.SHED_VIDEO);
    takeBack(2);
    assertThat(pool.pressure()).isEqualTo(Pressure.SHED_UPPER_LAYERS);
    takeBack(8);
    assertThat(pool.pressure()).isEqualTo(Pressure.NONE);
  }

  @Test
  void theLastEighthIsForAudioHoweverManyTapesHoldTheRest() {
    for (int i = 0; i < SLABS - SLABS / 8 - 1; i++) {
      assertThat(pool.take()).isNotNull();
    }
    assertThat(pool.pressure()).isEqualTo(Pressure.NONE);
    assertThat(pool.take()).isNotNull();
    assertThat(pool.pressure()).isEqualTo(Pressure.SHED_VIDEO);
    for (int i = 0; i < SLABS / 8; i++) {
      assertThat(pool.take()).as("slab for audio").isNotNull();
    }
    assertThat(pool.take()).isNull();
    assertThat(counters.slabsRefused.get()).isEqualTo(1);
    assertThat(counters.slabs.get()).isEqualTo(SLABS);
  }

  private void handOver(int count) {
    for (int i = 0; i < count; i++) {
      waiting.add(pool.take());
      pool.handedOver();
    }
  }

  private void takeBack(int count) {
    for (int i = 0; i < count; i++) {
      pool.giveBack(waiting.remove());
    }
  }
}
