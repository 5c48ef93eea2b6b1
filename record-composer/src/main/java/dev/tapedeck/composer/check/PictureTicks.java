package dev.tapedeck.composer.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds when the seconds of a synthetic clip begin in what is seen of it. A composed video with fewer pictures a second
 * leaves some out, in a bad phase always the one that begins the second; then the next one tells when that was.
 */
final class PictureTicks {
  /** Pictures of the clip that may be left out around the beginning of a second. */
  private static final int MAX_LEFT_OUT = 2;

  /** When a second of its clip began. */
  record Tick(int participant, long nanos) {}

  private final int framesPerSecond;
  private final Map<Integer, Integer> lastCounters = new HashMap<>();
  private final List<Tick> ticks = new ArrayList<>();

  /** @param framesPerSecond of the clips */
  PictureTicks(int framesPerSecond) {
    this.framesPerSecond = framesPerSecond;
  }

  /** @param nanos when the picture with this counter is shown */
  void add(int participant, int counter, long nanos) {
    int late = counter % framesPerSecond;
    int last = lastCounters.getOrDefault(participant, counter - 1);
    lastCounters.put(participant, counter);
    boolean isFirstOfSecond = last < counter - late && late <= MAX_LEFT_OUT;
    if (isFirstOfSecond) {
      ticks.add(new Tick(participant, nanos - late * 1_000_000_000L / framesPerSecond));
    }
  }

  /** In the order they were seen. */
  List<Tick> ticks() {
    return List.copyOf(ticks);
  }
}
