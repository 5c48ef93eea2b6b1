package dev.tapedeck.bench.chaos;

import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.SeededImpairment;
import dev.tapedeck.bench.client.rtp.SentPacket;
import java.util.HashSet;
import java.util.Set;

/** A lossy network that remembers which packets it lost; SRTP leaves the RTP header in clear (RFC 3711 §3.1). */
final class DropLog implements Impairment {
  private static final int RTP_HEADER_BYTES = 12;

  private final SeededImpairment network;
  private final Set<Long> dropped = new HashSet<>();

  DropLog(long seed, double loss) {
    network = new SeededImpairment(seed, SeededImpairment.Rates.loss(loss));
  }

  @Override
  public synchronized long decide(byte[] data, int offset, int length, long nowNanos) {
    long fate = network.decide(data, offset, length, nowNanos);
    if (fate == DROP && length >= RTP_HEADER_BYTES) {
      dropped.add(name(int32(data, offset + 8), (data[offset + 2] & 0xFF) << 8 | data[offset + 3] & 0xFF));
    }
    return fate;
  }

  synchronized boolean hasLost(SentPacket packet) {
    return dropped.contains(name(packet.ssrc(), packet.sequenceNumber()));
  }

  synchronized int lostPackets() {
    return dropped.size();
  }

  private static long name(int ssrc, int sequenceNumber) {
    return (long) ssrc << 16 | sequenceNumber;
  }

  private static int int32(byte[] data, int at) {
    return (data[at] & 0xFF) << 24 | (data[at + 1] & 0xFF) << 16 | (data[at + 2] & 0xFF) << 8 | data[at + 3] & 0xFF;
  }
}
