package dev.tapedeck.media.core.room;

/**
 * Where a publisher's clock stands against ours, by its sender reports: the smallest difference between a report's
 * arrival and its NTP time, because what is above it is delay on the way. One for the whole session and asked anew each
 * time, so that its audio and video stay together whatever delay their own reports had. Follows slowly when the
 * publisher's clock runs slower than ours. Owned by the worker thread.
 */
final class SourceClock {
  /** How fast the offset may grow: 200 ppm, above what clocks of computers differ by. */
  private static final double MAX_DRIFT = 200e-6;

  private boolean known;
  private long offsetNanos;
  private long lastArrivalNanos;

  /**
   * Takes note of a sender report.
   *
   * @param sourceNanos  its NTP time, since 1970 on the publisher's clock
   * @param arrivalNanos when it came, since 1970 on ours
   */
  void note(long sourceNanos, long arrivalNanos) {
    long offset = arrivalNanos - sourceNanos;
    if (known) {
      long allowed = offsetNanos + (long) (MAX_DRIFT * (arrivalNanos - lastArrivalNanos));
      offset = Math.min(offset, allowed);
    }
    known = true;
    offsetNanos = offset;
    lastArrivalNanos = arrivalNanos;
  }

  /** What the publisher's clock shows at a moment of ours; only after {@link #note}. */
  long sourceNanos(long wallNanos) {
    return wallNanos - offsetNanos;
  }
}
