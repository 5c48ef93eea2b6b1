package dev.tapedeck.protocol.codec;

/** What a track is for people. */
public enum MediaKind {
  AUDIO("audio"),
  VIDEO("video");

  private final String sdpName;

  MediaKind(String sdpName) {
    this.sdpName = sdpName;
  }

  /** The media type of its m-line (RFC 8866 §5.14). */
  public String sdpName() {
    return sdpName;
  }
}
