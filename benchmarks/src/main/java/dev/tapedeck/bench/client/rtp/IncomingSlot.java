package dev.tapedeck.bench.client.rtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One receiving m-line at work: its streams by SSRC, its repairs. Owned by the loop thread. */
final class IncomingSlot {
  private final IncomingMedia media;
  private final PacketConsumer consumer;
  private final boolean asksAgain;
  private final Map<Integer, RtpReceiver> receivers = new LinkedHashMap<>();
  private final Map<Integer, PacketCounter> counters = new LinkedHashMap<>();
  private final byte[] unwrapped = new byte[2048];
  private final RtpPacket unwrappedView = new RtpPacket();
  private int currentSsrc;
  private final PacketCounter repairs = new PacketCounter();

  IncomingSlot(IncomingMedia media, PacketConsumer consumer, boolean asksAgain) {
    this.media = media;
    this.consumer = consumer;
    this.asksAgain = asksAgain && media.mayAskAgain();
  }

  IncomingMedia media() {
    return media;
  }

  /** Who counts a stream by its clear headers only; repairs are counted apart. */
  PacketCounter counterOf(int ssrc, int payloadType) {
    return media.retransmissionTypes().containsKey(payloadType)
        ? repairs
        : counters.computeIfAbsent(ssrc, counted -> new PacketCounter());
  }

  void onPacket(RtpPacket packet, int length, long nowNanos) {
    Integer repaired = media.retransmissionTypes().get(packet.payloadType());
    if (repaired != null) {
      onRetransmission(packet, repaired, nowNanos);
      return;
    }
    currentSsrc = packet.ssrc();
    receivers.computeIfAbsent(currentSsrc, ssrc -> new RtpReceiver(
            ssrc, media.clockRates().getOrDefault(packet.payloadType(), 90_000), consumer))
        .onPacket(packet, length, false, nowNanos);
  }

  /**
   * Puts the original packet together again (RFC 4588 §4): its sequence number is in the first two payload bytes. A
   * packet of padding alone is a probe and repairs nothing.
   */
  private void onRetransmission(RtpPacket packet, int payloadType, long nowNanos) {
    RtpReceiver receiver = receivers.get(currentSsrc);
    int bytes = packet.payloadBytes() - 2;
    if (bytes < 0 || receiver == null) {
      return;
    }
    int original = Ints.u16(packet.data(), packet.payloadOffset());
    unwrapped[0] = (byte) 0x80;
    unwrapped[1] = (byte) ((packet.hasMarker() ? 0x80 : 0) | payloadType);
    Ints.put16(unwrapped, 2, original);
    Ints.put32(unwrapped, 4, packet.timestamp());
    Ints.put32(unwrapped, 8, currentSsrc);
    System.arraycopy(
        packet.data(), packet.payloadOffset() + 2, unwrapped, RtpPacket.FIXED_HEADER_BYTES, bytes);
    int length = RtpPacket.FIXED_HEADER_BYTES + bytes;
    if (unwrappedView.parse(unwrapped, length)) {
      receiver.onPacket(unwrappedView, length, true, nowNanos);
    }
  }

  void writeNacks(RtcpWriter out, int ourSsrc, long nowNanos) {
    for (RtpReceiver receiver : receivers.values()) {
      List<Integer> asked = receiver.takeNacks(nowNanos, asksAgain);
      if (!asked.isEmpty()) {
        out.nack(ourSsrc, receiver.ssrc(), asked);
      }
    }
  }

  void onSenderReport(int ssrc, long ntpMiddle, long nowNanos) {
    RtpReceiver receiver = receivers.get(ssrc);
    if (receiver != null) {
      receiver.onSenderReport(ntpMiddle, nowNanos);
    }
  }

  List<RtpReceiver> receivers() {
    return new ArrayList<>(receivers.values());
  }

  /** The SSRC to name in a key frame request, 0 before the first packet. */
  int currentSsrc() {
    return currentSsrc != 0 || counters.isEmpty() ? currentSsrc : counters.keySet().iterator().next();
  }

  SlotStats stats() {
    if (!counters.isEmpty()) {
      long received = counters.values().stream().mapToLong(PacketCounter::received).sum();
      long lost = counters.values().stream().mapToLong(PacketCounter::lost).sum();
      long bytes = counters.values().stream().mapToLong(PacketCounter::bytes).sum();
      return new SlotStats(media.mid(), counters.size(), received, repairs.received(), 0, lost, 0, 0, 0, bytes);
    }
    long received = 0;
    long repaired = 0;
    long duplicates = 0;
    long lost = 0;
    long missing = 0;
    long jumps = 0;
    long nacks = 0;
    long bytes = 0;
    for (RtpReceiver receiver : receivers.values()) {
      received += receiver.receivedPackets();
      repaired += receiver.repairedPackets();
      duplicates += receiver.duplicatePackets();
      lost += receiver.lostPackets();
      missing += receiver.missingPackets();
      jumps += receiver.jumps();
      nacks += receiver.nacksSent();
      bytes += receiver.payloadBytes();
    }
    return new SlotStats(
        media.mid(), receivers.size(), received, repaired, duplicates, lost, missing, jumps, nacks, bytes);
  }
}
