package dev.tapedeck.media.io.spool;

/**
 * Whether it is worth waiting for uploads: as long as a chunk is stored or a recording done now and then, and where
 * nothing fails, for then the machine is merely slow. How much is left tells nothing: it still grows at first, by what
 * tapes have handed over. Used by one thread.
 */
final class DrainProgress {
  /** With uploads that fail, and not one that does not for so long, store or connector are away. */
  static final long HOPELESS_NANOS = 3_000_000_000L;

  private final SpoolCounters counters;
  private long progressNanos;
  private long failures;
  private long verified;
  private long recordings;

  DrainProgress(SpoolCounters counters, long nowNanos) {
    this.counters = counters;
    look(nowNanos);
  }

  /** To be asked every few milliseconds. */
  boolean isHopeless(long nowNanos) {
    boolean hasProgress = counters.chunksVerified.get() > verified || counters.recordings.get() < recordings;
    if (hasProgress) {
      look(nowNanos);
    }
    recordings = counters.recordings.get();
    return nowNanos - progressNanos >= HOPELESS_NANOS && counters.uploadFailures.get() > failures;
  }

  private void look(long nowNanos) {
    progressNanos = nowNanos;
    failures = counters.uploadFailures.get();
    verified = counters.chunksVerified.get();
    recordings = counters.recordings.get();
  }
}
