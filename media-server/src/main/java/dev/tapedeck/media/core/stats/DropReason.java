package dev.tapedeck.media.core.stats;

/** Why a datagram was not used. Each is a counter in {@code /metrics}. */
public enum DropReason {
  /** Not STUN, DTLS, RTP or RTCP by its first byte. */
  UNKNOWN_KIND,
  /** Came on a path that no session has proved. */
  UNKNOWN_PATH,
  /** A STUN request whose USERNAME names no session, or that failed its integrity check. */
  BAD_STUN,
  /** Media before the DTLS handshake was complete. */
  NO_KEYS,
  /** Too short, or lengths that do not add up. */
  MALFORMED,
  /** A sequence number seen before (RFC 3711 §3.3.2). */
  REPLAYED,
  /** The authentication tag does not match. */
  AUTHENTICATION_FAILED,
  /** More streams in one session than the limit allows. */
  TOO_MANY_STREAMS,
  /** RTP that no negotiated m-line accounts for. */
  UNKNOWN_STREAM,
  /** Media of a member that is in no room. */
  NOT_IN_ROOM,
  /** The packet memory of the worker was spent. */
  ARENA_FULL,
  /** A datagram could not be sent: the receiver has no path, or has gone. */
  NO_PATH,
  /** Application data over DTLS in a session without data channels. */
  NO_DATA_CHANNEL,
  /** More over DTLS in a second than one session may send. */
  DATA_RATE
}
