package dev.tapedeck.bench.client.rtp;

import java.util.ArrayList;
import java.util.List;

/** Everything a publisher sent, in order, so that a recording can be compared with it packet by packet; or its count. */
public final class SentLog {
  private final boolean keepsPackets;
  private final List<SentPacket> packets = new ArrayList<>();
  private long packetsSent;
  private long framesSent;

  public SentLog() {
    this(true);
  }

  private SentLog(boolean keepsPackets) {
    this.keepsPackets = keepsPackets;
  }

  public static SentLog ofCounts() {
    return new SentLog(false);
  }

  boolean keepsPackets() {
    return keepsPackets;
  }

  synchronized void addOne() {
    packetsSent++;
  }

  synchronized void add(SentPacket packet) {
    packetsSent++;
    packets.add(packet);
  }

  public synchronized void addFrame() {
    framesSent++;
  }

  /** Empty if only counts are kept. */
  public synchronized List<SentPacket> packets() {
    return List.copyOf(packets);
  }

  public synchronized long packetsSent() {
    return packetsSent;
  }

  public synchronized long framesSent() {
    return framesSent;
  }
}
