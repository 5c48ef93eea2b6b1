package dev.tapedeck.media.core.bwe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shares what a receiver's path carries among its videos. Each has its least first, those of higher priority before
 * others; who cannot have that is paused, and with it all of lower priority. Then each may have a part in proportion to
 * its priority. What nobody took of that goes to the highest priority that has a use for it.
 */
public final class BitrateAllocator {
  /** Nothing is sent. */
  public static final int PAUSED = -1;

  /** One way to send a video: all up to these layers, at this rate. */
  public record Option(int spatial, int temporal, long bitsPerSecond) {}

  /**
   * A video.
   *
   * @param priority above 0
   * @param options  from the least to the best, at least one; what is better may cost less
   */
  public record Demand(long priority, List<Option> options) {}

  private BitrateAllocator() {}

  /** For each demand the index of its option, or {@link #PAUSED}. The highest priority is never paused. */
  public static int[] allocate(long bitsPerSecond, List<Demand> demands) {
    int[] chosen = new int[demands.size()];
    Arrays.fill(chosen, PAUSED);
    int[] order = IntStream.range(0, demands.size()).boxed()
        .sorted(Comparator.comparingLong((Integer i) -> -demands.get(i).priority))
        .mapToInt(Integer::intValue).toArray();
    long left = bitsPerSecond - giveLeast(bitsPerSecond, demands, order, chosen);
    double priorities = 0;
    for (int i : order) {
      priorities += chosen[i] == PAUSED ? 0 : demands.get(i).priority;
    }
    for (int i : order) {
      double part = bitsPerSecond * (demands.get(i).priority / priorities);
      left -= raise(demands.get(i), chosen, i, (long) Math.min(left, part - rate(demands.get(i), chosen[i])));
    }
    for (int i : order) {
      left -= raise(demands.get(i), chosen, i, left);
    }
    return chosen;
  }

  /** Returns what all that are not paused need at least. */
  private static long giveLeast(long bitsPerSecond, List<Demand> demands, int[] order, int[] chosen) {
    long given = 0;
    long lowestServed = Long.MIN_VALUE;
    for (int i : order) {
      Demand demand = demands.get(i);
      long least = demand.options.getFirst().bitsPerSecond;
      if (demand.priority < lowestServed) {
        break;
      }
      if (given == 0 || given + least <= bitsPerSecond) {
        chosen[i] = 0;
        given += least;
      } else {
        lowestServed = demand.priority;
      }
    }
    return given;
  }

  /** Takes the best option that costs at most this much more; returns what it costs more. */
  private static long raise(Demand demand, int[] chosen, int index, long more) {
    if (chosen[index] == PAUSED) {
      return 0;
    }
    long now = rate(demand, chosen[index]);
    for (int option = demand.options.size() - 1; option > chosen[index]; option--) {
      if (rate(demand, option) - now <= more) {
        chosen[index] = option;
        return rate(demand, option) - now;
      }
    }
    return 0;
  }

  private static long rate(Demand demand, int option) {
    return option == PAUSED ? 0 : demand.options.get(option).bitsPerSecond;
  }
}
