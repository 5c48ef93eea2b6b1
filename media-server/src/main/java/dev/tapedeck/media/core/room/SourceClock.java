package dev.tapedeck.media.core.room;

/**
 * Where a publisher's clock stands against ours, by its sender reports: the smallest difference between a report's
 * arrival and its NTP time, because what is above it is delay on the way. One for the whole session, so that its audio
 * and video stay together. Follows slowly when the publisher's clock runs slower than ours. Owned by the worker thread.
 */
final class SourceClock {
  /** How fast the offset may grow: 200 ppm, above what clocks of computers differ by. */
  private static final double MAX_DRIFT = 200e-6;

  private boolean known;
  private long offsetNanos;
  private long lastArrivalNanos;

  /** A moment of the publisher's clock on ours. */
  long wallNanos(long sourceNanos, long arrivalWallNanos) {
    long offset = arrivalWallNanos - sourceNanos;
    if (!known) {
      known = true;
      offsetNanos = offset;
    } else {
      long allowed = offsetNanos + (long) (MAX_DRIFT * (arrivalWallNanos - lastArrivalNanos));
      offsetNanos = Math.min(offset, allowed);
    }
    lastArrivalNanos = arrivalWallNanos;
    return sourceNanos + offsetNanos;
  }
}
