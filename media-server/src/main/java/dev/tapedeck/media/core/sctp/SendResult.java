package dev.tapedeck.media.core.sctp;

/** What became of a message given to {@link SctpAssociation#send}. */
public enum SendResult {
  /** It will be sent, or is already. */
  QUEUED,
  /** The send buffer has no room; {@link SctpEvent.BufferedLow} tells when to try again. */
  BUFFER_FULL,
  /** No such channel, or it is closing. */
  NOT_OPEN,
  /** Longer than the peer takes (RFC 8841 §6). */
  TOO_LARGE
}
