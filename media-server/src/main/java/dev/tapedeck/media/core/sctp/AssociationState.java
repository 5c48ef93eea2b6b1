package dev.tapedeck.media.core.sctp;

/** RFC 9260 §4. */
enum AssociationState {
  CLOSED,
  COOKIE_WAIT,
  COOKIE_ECHOED,
  ESTABLISHED,
  SHUTDOWN_PENDING,
  SHUTDOWN_SENT,
  SHUTDOWN_RECEIVED,
  SHUTDOWN_ACK_SENT;

  /** Whether both sides know each other; before that there is nothing but the handshake. */
  boolean isEstablished() {
    return this.compareTo(ESTABLISHED) >= 0;
  }

  /** Whether DATA is taken (RFC 9260 §6). */
  boolean takesData() {
    return this == ESTABLISHED || this == SHUTDOWN_PENDING || this == SHUTDOWN_SENT;
  }

  /** Whether what is queued may still be sent. */
  boolean sendsData() {
    return this == ESTABLISHED || this == SHUTDOWN_PENDING || this == SHUTDOWN_RECEIVED;
  }
}
