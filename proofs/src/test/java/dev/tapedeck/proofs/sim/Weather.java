package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.io.spool.Durability;
import java.util.random.RandomGenerator;

/**
 * What may go wrong in one run. Not everything in every run: where little goes wrong much can be demanded, and in the
 * calm runs the verdict has to be complete.
 *
 * @param disk      the spool's disk is full, slow, or refuses
 * @param store     the store refuses, lies, or loses what it has
 * @param link      streams break and answers are lost
 * @param processes media servers die, with their machine or without
 * @param connector the connector dies or is away
 * @param slabs     tapes find no slab
 * @param graves    a machine may never come back
 */
record Weather(boolean disk, boolean store, boolean link, boolean processes, boolean connector, boolean slabs,
    boolean graves, Durability durability) {
  private static final int CALM_IN = 10;

  static Weather of(RandomGenerator random) {
    boolean calm = random.nextInt(CALM_IN) == 0;
    return new Weather(!calm && random.nextBoolean(), !calm && random.nextInt(3) > 0, !calm && random.nextBoolean(),
        !calm && random.nextInt(3) > 0, !calm && random.nextBoolean(), !calm && random.nextInt(4) == 0,
        !calm && random.nextInt(6) == 0, durability(random));
  }

  private static Durability durability(RandomGenerator random) {
    int draw = random.nextInt(8);
    return draw == 0 ? Durability.PRESSURE : draw < 3 ? Durability.ALWAYS : Durability.INTERVAL;
  }
}
