package dev.tapedeck.bench.client.rtp;

/** Takes the packets of one incoming stream in the order of their sequence numbers. */
public interface PacketConsumer {
  /** Ignores everything. */
  PacketConsumer NONE = new PacketConsumer() {
    @Override
    public void onPacket(RtpPacket packet) {}

    @Override
    public void onLoss(long packets) {}
  };

  /** @param packet valid during the call only */
  void onPacket(RtpPacket packet);

  /** Packets before the next one will never come. */
  void onLoss(long packets);
}
