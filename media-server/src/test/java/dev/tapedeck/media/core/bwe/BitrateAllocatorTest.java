package dev.tapedeck.media.core.bwe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.bwe.BitrateAllocator.Demand;
import dev.tapedeck.media.core.bwe.BitrateAllocator.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitrateAllocatorTest {
  @Test
  void equalPrioritiesShareEqually() {
    assertThat(allocate(1_200, demand(1, 100, 600, 900), demand(1, 100, 600, 900))).containsExactly(1, 1);
  }

  @Test
  void sharesAreInProportionToPriority() {
    assertThat(allocate(1_200, demand(1, 100, 300, 900), demand(3, 100, 300, 900))).containsExactly(1, 2);
  }

  @Test
  void whatIsLeftGoesToTheHighestPriorityThatHasAUseForIt() {
    assertThat(allocate(1_000, demand(5, 100, 200), demand(1, 100, 700))).containsExactly(1, 1);
  }

  @Test
  void whoCannotHaveHisLeastIsPausedAndAllBelowHim() {
    assertThat(allocate(500, demand(3, 200), demand(2, 400), demand(1, 50))).containsExactly(0, -1, -1);
    assertThat(allocate(500, demand(2, 200), demand(2, 400), demand(2, 50))).as("among equals others may fit")
        .containsExactly(0, -1, 0);
  }

  @Test
  void theHighestPriorityIsNeverPaused() {
    assertThat(allocate(10, demand(1, 100), demand(2, 300, 400))).containsExactly(-1, 0);
  }

  @Test
  void aBetterOptionMayCostLess() {
    assertThat(allocate(500, demand(1, 300, 450, 400))).containsExactly(2);
  }

  @Test
  void nobodyToShareAmong() {
    assertThat(allocate(500)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theRulesHoldForAnyDemands(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      List<Demand> demands = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int rate = 1 + random.nextInt(300);
        List<Option> options = new ArrayList<>();
        for (int option = random.nextInt(5); option >= 0; option--) {
          options.add(new Option(0, 0, rate));
          rate += 1 + random.nextInt(400);
        }
        demands.add(new Demand(1 + random.nextInt(4), options));
      }
      long available = random.nextInt(4_000);
      int[] chosen = BitrateAllocator.allocate(available, demands);
      long used = 0;
      int served = 0;
      for (int i = 0; i < chosen.length; i++) {
        used += chosen[i] < 0 ? 0 : demands.get(i).options().get(chosen[i]).bitsPerSecond();
        served += chosen[i] < 0 ? 0 : 1;
        for (int j = 0; j < chosen.length; j++) {
          boolean isLower = demands.get(j).priority() < demands.get(i).priority();
          assertThat(isLower && chosen[i] < 0 && chosen[j] >= 0).as("%s at %d", demands, available).isFalse();
        }
      }
      assertThat(served).isPositive();
      assertThat(used <= available || served == 1).as("%s at %d: %d", demands, available, used).isTrue();
    }
  }

  private static int[] allocate(long bitsPerSecond, Demand... demands) {
    return BitrateAllocator.allocate(bitsPerSecond, List.of(demands));
  }

  private static Demand demand(int priority, long... rates) {
    List<Option> options = new ArrayList<>();
    for (long rate : rates) {
      options.add(new Option(options.size(), 0, rate));
    }
    return new Demand(priority, options);
  }
}
