package dev.tapedeck.media.core.sctp;

/** Why something that arrived was not used. */
public enum SctpDropReason {
  /** Shorter than its headers say, or lengths that do not fit. */
  MALFORMED,
  /** The CRC32c is wrong. */
  BAD_CHECKSUM,
  /** Not for the ports of this association. */
  WRONG_PORT,
  /** The verification tag is not ours (RFC 9260 §8.5). */
  WRONG_TAG,
  /** A chunk that has no meaning in the state the association is in. */
  UNEXPECTED,
  /** A chunk type we do not know. */
  UNKNOWN_CHUNK,
  /** A state cookie that is not ours, was changed, is too old, or belongs to no association of today. */
  BAD_COOKIE,
  /** Data that had arrived before. */
  DUPLICATE,
  /** Data beyond the receive window or too far ahead. */
  NO_WINDOW,
  /** Data on a stream number we do not have. */
  INVALID_STREAM,
  /** A message on a stream without a channel. */
  NO_CHANNEL,
  /** A payload protocol identifier other than those of RFC 8831 §8. */
  UNKNOWN_PROTOCOL,
  /** A DCEP message that cannot be read, or OPEN for an id that is taken, of the wrong side, or beyond a limit. */
  REFUSED_OPEN,
  /** An acknowledgement of what was never sent. */
  BAD_ACKNOWLEDGEMENT
}
