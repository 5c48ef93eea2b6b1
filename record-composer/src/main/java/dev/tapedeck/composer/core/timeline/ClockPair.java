package dev.tapedeck.composer.core.timeline;

/** The two clocks of a node read at once: monotonic, and nanoseconds since 1970. */
public record ClockPair(long monotonicNanos, long wallNanos) {

  long offsetNanos() {
    return wallNanos - monotonicNanos;
  }
}
