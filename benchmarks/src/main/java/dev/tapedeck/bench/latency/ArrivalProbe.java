package dev.tapedeck.bench.latency;

import dev.tapedeck.bench.client.media.SendStamp;
import dev.tapedeck.bench.client.rtp.PacketTap;
import dev.tapedeck.bench.client.rtp.RtpPacket;

/**
 * What one subscriber of the sample sees: each packet is checked byte by byte, and its way from the moment it was to be
 * sent to its arrival is timed. Open loop: the plan of the sender does not wait for anybody.
 *
 * <p>Written on the loop thread of the subscriber; its counters may be read a little late from elsewhere.
 */
public final class ArrivalProbe implements PacketTap {
  private final SendStamp stamp = new SendStamp();
  private final DelayMeter delays = new DelayMeter();
  private volatile long intactPackets;
  private volatile long brokenPackets;

  @Override
  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  public void onPacket(RtpPacket packet, long arrivalNanos) {
    if (stamp.read(packet.data(), packet.payloadOffset(), packet.payloadBytes())) {
      intactPackets++;
      delays.add(arrivalNanos - stamp.plannedNanos());
    } else {
      brokenPackets++;
    }
  }

  /** Packets that arrived as they were sent. */
  public long intactPackets() {
    return intactPackets;
  }

  /** Packets without a stamp, or with a byte changed behind their descriptor. */
  public long brokenPackets() {
    return brokenPackets;
  }

  /** Delays since the last call. */
  public Delays takeDelays() {
    return delays.take();
  }
}
