package dev.tapedeck.media.core.sctp;

/**
 * What one side says of itself in INIT or INIT ACK (RFC 9260 §3.3.2).
 *
 * @param tag             never 0
 * @param windowBytes     initial advertised receiver window credit, 0..2^32-1
 * @param outboundStreams it wants to send on, 1..65535
 * @param inboundStreams  it takes at most, 1..65535
 * @param features        {@link #PARTIAL_RELIABILITY}, {@link #STREAM_RESET}, {@link #INTERLEAVING}
 */
record Endpoint(
    int tag, int initialTsn, long windowBytes, int outboundStreams, int inboundStreams, int features) {
  /** FORWARD-TSN (RFC 3758). */
  static final int PARTIAL_RELIABILITY = 1;

  /** RE-CONFIG (RFC 6525). */
  static final int STREAM_RESET = 2;

  /** I-DATA (RFC 8260). */
  static final int INTERLEAVING = 4;

  /** What we say of ourselves. */
  static Endpoint ours(SctpConfig config, int tag, int initialTsn) {
    int features = PARTIAL_RELIABILITY | STREAM_RESET | (config.offersInterleaving() ? INTERLEAVING : 0);
    SctpLimits limits = config.limits();
    return new Endpoint(
        tag, initialTsn, limits.receiveBufferBytes(), limits.maxStreams(), limits.maxStreams(), features);
  }

  boolean has(int feature) {
    return (features & feature) != 0;
  }
}
