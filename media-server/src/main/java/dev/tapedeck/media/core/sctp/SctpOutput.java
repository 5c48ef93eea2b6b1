package dev.tapedeck.media.core.sctp;

/**
 * Where an {@link SctpAssociation} puts what it wants done, in order, while one of its methods runs. Implementations
 * take notes; they never call the association.
 */
public interface SctpOutput {
  /**
   * Send this SCTP packet to the peer, over DTLS.
   *
   * @param packet a whole packet, at most {@link SctpLimits#maxPacketBytes}; belongs to the receiver of this call
   */
  void send(byte[] packet);

  /** Something the owner of the association acts on. */
  void event(SctpEvent event);
}
