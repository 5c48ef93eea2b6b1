package dev.tapedeck.bench.client.sdp;

/** The media of an m-line. */
public enum MediaKind {
  AUDIO("audio"),
  VIDEO("video");

  private final String sdpName;

  MediaKind(String sdpName) {
    this.sdpName = sdpName;
  }

  public String sdpName() {
    return sdpName;
  }
}
