package dev.tapedeck.media.core.session;

/** Why a session ended. */
public enum CloseReason {
  /** The client said so: DELETE, or close_notify. */
  LEFT,
  /** The client never completed ICE and DTLS in time. */
  CONNECT_TIMEOUT,
  /** No valid consent check for the consent time-out (RFC 7675 §5.1). */
  CONSENT_EXPIRED,
  /** The DTLS handshake failed or the association broke. */
  DTLS_FAILED,
  /** A newer session of the same peer took its place. */
  REPLACED,
  /** An operator or backend ended it. */
  KICKED,
  /** The room was closed. */
  ROOM_CLOSED,
  /** This server is stopping. */
  SHUTDOWN;

  /** Whether the client can still be told why. */
  boolean leavesClientReachable() {
    return switch (this) {
      case LEFT, REPLACED, KICKED, ROOM_CLOSED, SHUTDOWN -> true;
      case CONNECT_TIMEOUT, CONSENT_EXPIRED, DTLS_FAILED -> false;
    };
  }
}
