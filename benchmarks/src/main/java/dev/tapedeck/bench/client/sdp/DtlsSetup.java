package dev.tapedeck.bench.client.sdp;

/** DTLS roles that this client can announce (RFC 8842 §5): it is the DTLS client whatever the server prefers. */
public enum DtlsSetup {
  ACTPASS("actpass"),
  ACTIVE("active");

  private final String sdpName;

  DtlsSetup(String sdpName) {
    this.sdpName = sdpName;
  }

  public String sdpName() {
    return sdpName;
  }
}
