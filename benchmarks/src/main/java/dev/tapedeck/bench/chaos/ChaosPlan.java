package dev.tapedeck.bench.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What one run does; seed and number give the same plan again.
 *
 * @param run        from 0
 * @param seed       of everything random within the run
 * @param atMillis   when the fault comes, after media began to flow
 * @param spanMillis how long it lasts; between kill and restart for a kill
 * @param strength   0..1, what it means depends on the fault
 */
record ChaosPlan(int run, long seed, Fault fault, int atMillis, int spanMillis, double strength) {
  private static final int EARLIEST_MILLIS = 800;
  private static final int LATEST_MILLIS = 3500;
  /** An outage is longer than the pause between two chunks, so that it meets something. */
  private static final int SHORTEST_OUTAGE_MILLIS = 2500;
  private static final int LONGEST_OUTAGE_MILLIS = 5000;
  private static final int SHORTEST_MILLIS = 500;

  /**
   * Draws a plan. Of as many runs as there are faults each fault comes once, in an order by the seed.
   *
   * @param possible        faults that can be made on this machine
   * @param longestFreezeMs the most a process stands still
   */
  static ChaosPlan draw(long seed, int run, List<Fault> possible, int longestFreezeMs) {
    List<Fault> order = new ArrayList<>(possible);
    Collections.shuffle(order, new Random(seed + run / order.size()));
    Fault fault = order.get(run % order.size());
    Random random = new Random(seed * 1_000_003 + run);
    int spanMillis = switch (fault) {
      case MEDIA_SERVER_FROZEN, CONNECTOR_FROZEN -> random.nextInt(SHORTEST_MILLIS, longestFreezeMs);
      case MEDIA_SERVER_KILLED, COMPOSER_KILLED, NETWORK_LOSES -> 0;
      case CONNECTOR_KILLED, STORE_REFUSES, STORE_HANGS, DISK_FULL, CLOCK_STEPS ->
          random.nextInt(SHORTEST_OUTAGE_MILLIS, LONGEST_OUTAGE_MILLIS);
    };
    return new ChaosPlan(run, random.nextLong(), fault, random.nextInt(EARLIEST_MILLIS, LATEST_MILLIS), spanMillis,
        random.nextDouble());
  }

  /** For people: what, when, how long. */
  String text() {
    return "run " + run + ": " + fault.text() + " at " + atMillis + " ms for " + spanMillis + " ms, strength "
        + Math.round(strength * 100) + " %";
  }
}
