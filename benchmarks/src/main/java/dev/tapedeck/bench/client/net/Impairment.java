package dev.tapedeck.bench.client.net;

/** Decides what the network does to one datagram; called in the order of sending (or arrival). */
@FunctionalInterface
public interface Impairment {
  /** Verdict of {@link #decide}: the datagram is lost. */
  long DROP = -1;

  /** A perfect network. */
  Impairment NONE = (data, offset, length, nowNanos) -> 0;

  /** @return nanoseconds to hold the datagram back, 0 to pass it at once, or {@link #DROP} */
  long decide(byte[] data, int offset, int length, long nowNanos);

  /** True for RTP and RTCP, by the first byte (RFC 7983 §7). */
  static boolean isMedia(byte[] data, int offset) {
    int firstByte = data[offset] & 0xff;
    return firstByte >= 128 && firstByte <= 191;
  }
}
