package dev.tapedeck.media.core.sctp;

import java.nio.ByteBuffer;

/**
 * All we need to set up an association when our own INIT ACK comes back as COOKIE ECHO (RFC 9260 §5.1.3).
 *
 * @param local        ourselves as the INIT ACK said
 * @param peer         the peer as its INIT said
 * @param localTieTag  our tag in the association there was, 0 if there was none (RFC 9260 §5.2.2)
 * @param peerTieTag   the peer's
 */
record StateCookie(long createdNanos, Endpoint local, Endpoint peer, int localTieTag, int peerTieTag) {
  /** Without its signature. */
  static final int BYTES = 8 + 2 * 20 + 2 * 4;

  void write(ByteBuffer to) {
    to.putLong(createdNanos);
    write(to, local);
    write(to, peer);
    to.putInt(localTieTag).putInt(peerTieTag);
  }

  private static void write(ByteBuffer to, Endpoint endpoint) {
    to.putInt(endpoint.tag()).putInt(endpoint.initialTsn()).putInt((int) endpoint.windowBytes());
    to.putShort((short) endpoint.outboundStreams()).putShort((short) endpoint.inboundStreams());
    to.putInt(endpoint.features());
  }

  static StateCookie read(ByteBuffer from) {
    return new StateCookie(
        from.getLong(), readEndpoint(from), readEndpoint(from), from.getInt(), from.getInt());
  }

  private static Endpoint readEndpoint(ByteBuffer from) {
    return new Endpoint(from.getInt(), from.getInt(), Integer.toUnsignedLong(from.getInt()),
        Short.toUnsignedInt(from.getShort()), Short.toUnsignedInt(from.getShort()), from.getInt());
  }

  boolean hasTieTags() {
    return localTieTag != 0 || peerTieTag != 0;
  }
}
