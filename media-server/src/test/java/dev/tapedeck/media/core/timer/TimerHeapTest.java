package dev.tapedeck.media.core.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerHeapTest {
  private final TimerHeap heap = new TimerHeap();
  private final List<String> fired = new ArrayList<>();

  private TimerHeap.Timer timer(String name) {
    return new TimerHeap.Timer(nowNanos -> fired.add(name + "@" + nowNanos));
  }

  @Test
  void firesWhatIsDueInOrder() {
    heap.schedule(timer("late"), 30);
    heap.schedule(timer("second"), 20);
    heap.schedule(timer("first"), -10);
    assertThat(heap.nextNanos()).isEqualTo(-10);
    heap.fireDue(20);
    assertThat(fired).containsExactly("first@20", "second@20");
    assertThat(heap.nextNanos()).isEqualTo(30);
  }

  @Test
  void anEmptyHeapHasNothingToDo() {
    assertThat(heap.nextNanos()).isEqualTo(TimerHeap.NEVER);
    heap.fireDue(Long.MAX_VALUE - 1);
    TimerHeap.Timer timer = timer("never");
    heap.schedule(timer, TimerHeap.NEVER);
    heap.cancel(timer);
    assertThat(heap.size()).isZero();
  }

  @Test
  void bringingForwardLeavesEarlierDeadlines() {
    TimerHeap.Timer timer = timer("t");
    heap.scheduleAtMost(timer, 50);
    heap.scheduleAtMost(timer, 80);
    assertThat(timer.deadlineNanos()).isEqualTo(50);
    heap.scheduleAtMost(timer, 20);
    assertThat(timer.deadlineNanos()).isEqualTo(20);
    assertThat(heap.size()).isEqualTo(1);
  }

  @Test
  void aTimerThatIsAlwaysDueDoesNotKeepOthersFromTheirTurn() {
    TimerHeap.Timer[] greedy = new TimerHeap.Timer[1];
    greedy[0] = new TimerHeap.Timer(nowNanos -> {
      fired.add("greedy");
      heap.schedule(greedy[0], Long.MIN_VALUE);
    });
    heap.schedule(greedy[0], 1);
    heap.schedule(timer("a"), 5);
    heap.schedule(timer("b"), 9);
    heap.fireDue(10);
    assertThat(fired).containsExactly("greedy", "a@10", "b@10");
    heap.fireDue(11);
    assertThat(fired).endsWith("greedy").hasSize(4);
  }

  @Test
  void aTimerCancelledByAnotherDoesNotFire() {
    TimerHeap.Timer victim = timer("victim");
    heap.schedule(new TimerHeap.Timer(nowNanos -> heap.cancel(victim)), 1);
    heap.schedule(victim, 2);
    heap.fireDue(5);
    assertThat(fired).isEmpty();
    assertThat(heap.size()).isZero();
  }

  @Test
  void afterATimerThatFailedTheOthersFireNextTime() {
    heap.schedule(new TimerHeap.Timer(nowNanos -> {
      throw new IllegalStateException("made to fail");
    }), 1);
    heap.schedule(timer("other"), 2);
    assertThatThrownBy(() -> heap.fireDue(5)).hasMessage("made to fail");
    TimerHeap.Timer early = timer("early");
    heap.schedule(early, 3);
    assertThat(early.deadlineNanos()).isEqualTo(3);
    heap.fireDue(5);
    assertThat(fired).containsExactly("other@5", "early@5");
  }

  /** Against a plain map of deadlines. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void behavesLikeASortedMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Long> model = new HashMap<>();
    List<Integer> firedNow = new ArrayList<>();
    TimerHeap.Timer[] timers = new TimerHeap.Timer[200];
    for (int i = 0; i < timers.length; i++) {
      int number = i;
      timers[i] = new TimerHeap.Timer(nowNanos -> firedNow.add(number));
    }
    long now = 0;
    for (int step = 0; step < 50_000; step++) {
      int number = random.nextInt(timers.length);
      long deadline = now - 20 + random.nextInt(200);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          heap.schedule(timers[number], deadline);
          model.put(number, deadline);
        }
        case 2 -> {
          heap.scheduleAtMost(timers[number], deadline);
          model.merge(number, deadline, Math::min);
        }
        case 3 -> {
          heap.cancel(timers[number]);
          model.remove(number);
        }
        default -> {
          now += random.nextInt(10);
          firedNow.clear();
          heap.fireDue(now);
          long limit = now;
          List<Long> deadlines = firedNow.stream().map(model::get).toList();
          assertThat(deadlines).as("seed %d: order", seed).isSorted();
          assertThat(firedNow).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(
              model.keySet().stream().filter(key -> model.get(key) <= limit).toList());
          firedNow.forEach(model::remove);
        }
      }
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.nextNanos())
          .isEqualTo(model.values().stream().mapToLong(Long::longValue).min().orElse(TimerHeap.NEVER));
    }
  }
}
