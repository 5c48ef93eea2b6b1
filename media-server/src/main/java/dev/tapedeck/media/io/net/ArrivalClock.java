package dev.tapedeck.media.io.net;

/**
 * Turns the kernel's receive times, which are of the wall clock, into monotonic time: by how long ago they were, at a
 * moment when both clocks are read. The wall clock may step between the two; a time that would lie ahead, or too far
 * back, counts as now. Used by the worker thread.
 */
final class ArrivalClock {
  /** No datagram waits longer in a socket's buffer unless the loop stood still. */
  static final long MAX_AGE_NANOS = 2_000_000_000L;

  private long monotonicNanos;
  private long wallNanos;

  /** Both clocks at this moment, at which all datagrams asked about have arrived. */
  void pair(long monotonicNanos, long wallNanos) {
    this.monotonicNanos = monotonicNanos;
    this.wallNanos = wallNanos;
  }

  /** The monotonic moment of the last {@link #pair}. */
  long pairedNanos() {
    return monotonicNanos;
  }

  /** The monotonic moment of a wall time shortly before the last {@link #pair}. */
  long monotonicNanos(long arrivalWallNanos) {
    long age = wallNanos - arrivalWallNanos;
    return age >= 0 && age <= MAX_AGE_NANOS ? monotonicNanos - age : monotonicNanos;
  }
}
