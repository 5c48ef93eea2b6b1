package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.bwe.BitrateAllocator;
import org.junit.jupiter.api.Test;

class ReceiverBudgetTest {
  @Test
  void whatIsPausedTakesNoShareOfTheRepairs() {
    int[] chosen = {0, BitrateAllocator.PAUSED, 2, BitrateAllocator.PAUSED};
    assertThat(ReceiverBudget.repairBytesPerSecond(30_000, chosen)).isEqualTo(1_875);
  }

  @Test
  void nobodyNeedsRepairsWhereAllIsPaused() {
    assertThat(ReceiverBudget.repairBytesPerSecond(30_000, new int[] {BitrateAllocator.PAUSED})).isEqualTo(3_750);
    assertThat(ReceiverBudget.repairBytesPerSecond(30_000, new int[0])).isEqualTo(3_750);
  }
}
