package dev.tapedeck.media.core.dtls;

/** What a DTLS association wants done, in order. */
public sealed interface DtlsOutput {
  /** Send this datagram on the session's selected path. */
  record Send(byte[] datagram) implements DtlsOutput {}

  /** The handshake is complete; media may flow. */
  record Connected(SrtpKeys keys) implements DtlsOutput {}

  /** Application data from the peer (SCTP). */
  record Data(byte[] data) implements DtlsOutput {}

  /** The association ended: failed handshake, fatal alert, or close_notify. */
  record Closed(String reason) implements DtlsOutput {}
}
