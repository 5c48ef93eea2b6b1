package dev.tapedeck.protocol.chunk;

/**
 * One moment in two clocks.
 *
 * @param monotonicNanos the clock of arrival times
 * @param wallNanos      nanoseconds since 1970
 */
public record ClockEntry(long monotonicNanos, long wallNanos) {
  /** Wall time of an arrival, nanoseconds since 1970. */
  public long wallNanosAt(long arrivalNanos) {
    return wallNanos + (arrivalNanos - monotonicNanos);
  }
}
