package dev.tapedeck.media.core.sctp;

/** Why an association ended. */
public enum SctpCloseReason {
  /** Both sides went through the shutdown sequence; every message arrived. */
  SHUTDOWN,
  /** The owner called {@link SctpAssociation#abort}. */
  ABORTED_BY_US,
  /** The peer sent ABORT. */
  ABORTED_BY_PEER,
  /** The peer answered neither INIT nor COOKIE ECHO in time. */
  NOT_ESTABLISHED,
  /** Too many retransmissions in a row went without an answer. */
  PEER_UNREACHABLE,
  /** The peer broke the protocol in a way that cannot be passed over. */
  PROTOCOL_VIOLATION,
  /** The peer wanted more memory kept for it than {@link SctpLimits} allows. */
  OUT_OF_RESOURCE
}
