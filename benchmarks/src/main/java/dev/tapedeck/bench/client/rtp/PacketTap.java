package dev.tapedeck.bench.client.rtp;

/** Sees every media packet that a client decrypts, at once and in the order of arrival; retransmissions are not shown. */
@FunctionalInterface
public interface PacketTap {
  PacketTap NONE = (packet, arrivalNanos) -> {};

  /**
   * @param packet       valid during the call only
   * @param arrivalNanos when its datagram was read, by the clock of the loop
   */
  void onPacket(RtpPacket packet, long arrivalNanos);
}
