package dev.tapedeck.bench.client.rtp;

import java.util.ArrayList;
import java.util.List;

/** Everything a publisher sent, in order, so that a recording can be compared with it packet by packet. */
public final class SentLog {
  private final List<SentPacket> packets = new ArrayList<>();
  private long framesSent;

  synchronized void add(SentPacket packet) {
    packets.add(packet);
  }

  public synchronized void addFrame() {
    framesSent++;
  }

  public synchronized List<SentPacket> packets() {
    return List.copyOf(packets);
  }

  public synchronized long packetsSent() {
    return packets.size();
  }

  public synchronized long framesSent() {
    return framesSent;
  }
}
