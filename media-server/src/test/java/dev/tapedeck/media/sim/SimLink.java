package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;

/**
 * What one direction between a client and the server does to datagrams.
 *
 * @param jitterNanos added to the delay at random; alone it never lets datagrams overtake each other
 * @param loss        part of the datagrams that vanish, 0..1; the same below
 * @param reordering  part that is held back by up to 30 ms while others overtake
 * @param duplication part that arrives twice
 */
record SimLink(long delayNanos, long jitterNanos, double loss, double reordering, double duplication) {
  static final SimLink GOOD = new SimLink(20 * MILLIS, MILLIS, 0, 0, 0);
  static final SimLink DEAD = new SimLink(20 * MILLIS, 0, 1, 0, 0);

  SimLink withLoss(double part) {
    return new SimLink(delayNanos, jitterNanos, part, reordering, duplication);
  }

  SimLink withReordering(double part) {
    return new SimLink(delayNanos, jitterNanos, loss, part, duplication);
  }

  SimLink withDuplication(double part) {
    return new SimLink(delayNanos, jitterNanos, loss, reordering, part);
  }

  SimLink withDelayMillis(long millis) {
    return new SimLink(millis * MILLIS, jitterNanos, loss, reordering, duplication);
  }
}
