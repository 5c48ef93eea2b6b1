package dev.tapedeck.bench.client.rtp;

/** Takes plain RTP packets to encrypt and send; implemented by the connection. */
public interface RtpOutput {
  /** Room every packet must leave free behind it, for the SRTP tag. */
  int TAIL_ROOM_BYTES = 32;

  /** @param packet from index 0, with {@link #TAIL_ROOM_BYTES} of room behind it; encrypted in place */
  void sendRtp(byte[] packet, int length, int ssrc);

  /** The next transport-wide sequence number of the connection, 0..65535. */
  int nextTransportSequence(int packetBytes);
}
