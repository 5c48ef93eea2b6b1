package dev.tapedeck.media.core.record;

/** A span of packets left out that goes on. Owned by one thread. */
final class OpenGap {
  private long fromNanos;
  private long toNanos;
  private long packets;

  void add(long arrivalNanos) {
    if (packets++ == 0) {
      fromNanos = arrivalNanos;
    }
    toNanos = arrivalNanos;
  }

  boolean isOpen() {
    return packets > 0;
  }

  void end() {
    packets = 0;
  }

  /** Arrival of the first packet left out. */
  long fromNanos() {
    return fromNanos;
  }

  /** Arrival of the last one. */
  long toNanos() {
    return toNanos;
  }

  long packets() {
    return packets;
  }
}
