package dev.tapedeck.media.core.sctp;

/** Payload protocol identifiers of WebRTC (RFC 8831 §8). SCTP carries no empty message, so two say that one is meant. */
final class PayloadProtocol {
  static final int DCEP = 50;
  static final int STRING = 51;
  static final int BINARY = 53;
  static final int STRING_EMPTY = 56;
  static final int BINARY_EMPTY = 57;

  private PayloadProtocol() {}

  static int of(boolean isBinary, boolean isEmpty) {
    if (isEmpty) {
      return isBinary ? BINARY_EMPTY : STRING_EMPTY;
    }
    return isBinary ? BINARY : STRING;
  }
}
