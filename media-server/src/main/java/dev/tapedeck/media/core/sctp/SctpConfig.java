package dev.tapedeck.media.core.sctp;

/**
 * One side of an association.
 *
 * @param localPort           ours, {@code a=sctp-port} of our SDP (RFC 8841 §5); 1..65535
 * @param peerPort            of the peer's SDP; 1..65535
 * @param isDtlsClient        decides which channel ids are ours to give: even for the client (RFC 8832 §6)
 * @param offersInterleaving  whether we offer I-DATA (RFC 8260); used when both sides do
 * @param peerMaxMessageBytes the peer's {@code a=max-message-size}: 65536 when it names none, 0 for any size
 */
public record SctpConfig(
    int localPort,
    int peerPort,
    boolean isDtlsClient,
    boolean offersInterleaving,
    long peerMaxMessageBytes,
    SctpLimits limits,
    SctpTimes times) {
  public static final int DEFAULT_PORT = 5000;

  public SctpConfig {
    checkPort(localPort);
    checkPort(peerPort);
    if (peerMaxMessageBytes < 0) {
      throw new IllegalArgumentException("peer's max message size is " + peerMaxMessageBytes);
    }
  }

  /** As a peer's SDP asks for. */
  public SctpConfig withPeer(int port, long maxMessageBytes) {
    return new SctpConfig(localPort, port, isDtlsClient, offersInterleaving, maxMessageBytes, limits, times);
  }

  public SctpConfig withLimits(SctpLimits others) {
    return new SctpConfig(localPort, peerPort, isDtlsClient, offersInterleaving, peerMaxMessageBytes, others, times);
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("SCTP port is " + port + ", must be 1..65535");
    }
  }

  /** Port 5000 on both sides, DTLS server, interleaving where the peer offers it, any message size. */
  public static SctpConfig defaults() {
    return new SctpConfig(
        DEFAULT_PORT, DEFAULT_PORT, false, true, 0, SctpLimits.defaults(), SctpTimes.defaults());
  }
}
