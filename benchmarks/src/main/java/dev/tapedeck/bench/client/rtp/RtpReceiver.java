package dev.tapedeck.bench.client.rtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One incoming media stream: puts packets in order, asks for missing ones, counts (RFC 3550 §6.4.1, RFC 4585 §6.2.1).
 *
 * <p>Owned by the loop thread of its client.
 */
public final class RtpReceiver {
  static final long NACK_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  static final long NACK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
  /** A packet missing for so long is given up and the stream goes on without it. */
  static final long GIVE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);
  /** A jump by more is another stream under the same SSRC, not loss. */
  private static final int MAX_JUMP = 3000;

  private final int ssrc;
  private final int clockRate;
  private final PacketConsumer consumer;
  private final RtpPacket ordered = new RtpPacket();
  private final TreeMap<Long, Missing> missing = new TreeMap<>();
  private final TreeMap<Long, byte[]> waiting = new TreeMap<>();
  private long firstSequence = -1;
  private long highestSequence;
  private long nextInOrder;
  private long receivedPackets;
  private long receivedSinceStart;
  private long repairedPackets;
  private long duplicatePackets;
  private long lostPackets;
  private long jumps;
  private long nacksSent;
  private long payloadBytes;
  private long highestTimestamp;
  private long previousTransit;
  private double jitterTicks;
  private long reportedExpected;
  private long reportedReceived;
  private long senderReportMiddle;
  private long senderReportNanos;

  private static final class Missing {
    final long sinceNanos;
    long askAtNanos;

    Missing(long nowNanos) {
      sinceNanos = nowNanos;
      askAtNanos = nowNanos + NACK_AFTER_NANOS;
    }
  }

  RtpReceiver(int ssrc, int clockRate, PacketConsumer consumer) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
    this.consumer = consumer;
  }

  /** @param isRepair true if the packet came by RTX */
  void onPacket(RtpPacket packet, int length, boolean isRepair, long nowNanos) {
    if (firstSequence < 0) {
      startAt(packet.sequenceNumber());
    }
    int ahead = Ints.distance((int) highestSequence & 0xffff, packet.sequenceNumber());
    if (Math.abs(ahead) > MAX_JUMP) {
      jumps++;
      flush();
      startAt(packet.sequenceNumber());
      ahead = Ints.distance((int) highestSequence & 0xffff, packet.sequenceNumber());
    }
    long sequence = highestSequence + ahead;
    if (!accept(sequence, nowNanos)) {
      duplicatePackets++;
      return;
    }
    receivedPackets++;
    receivedSinceStart++;
    payloadBytes += packet.payloadBytes();
    if (isRepair) {
      repairedPackets++;
    } else {
      measureJitter(packet.timestamp(), nowNanos);
    }
    highestTimestamp = packet.timestamp();
    deliver(sequence, packet, length);
  }

  private void startAt(int sequenceNumber) {
    // One cycle up, so that a reordered first packet does not go below zero.
    firstSequence = 0x10000L + sequenceNumber;
    highestSequence = firstSequence - 1;
    nextInOrder = firstSequence;
    reportedExpected = 0;
    reportedReceived = 0;
    receivedSinceStart = 0;
  }

  /** Notes the gap in front of a new packet. @return false if it was here already or was given up */
  private boolean accept(long sequence, long nowNanos) {
    if (sequence > highestSequence) {
      for (long gap = highestSequence + 1; gap < sequence; gap++) {
        missing.put(gap, new Missing(nowNanos));
      }
      highestSequence = sequence;
      return true;
    }
    return missing.remove(sequence) != null;
  }

  private void measureJitter(long timestamp, long nowNanos) {
    long arrivalTicks = nowNanos / 1000 * clockRate / 1_000_000;
    long transit = arrivalTicks - timestamp;
    if (previousTransit != 0) {
      jitterTicks += (Math.abs((int) (transit - previousTransit)) - jitterTicks) / 16;
    }
    previousTransit = transit;
  }

  private void deliver(long sequence, RtpPacket packet, int length) {
    if (sequence != nextInOrder) {
      waiting.put(sequence, Arrays.copyOf(packet.data(), length));
      return;
    }
    consumer.onPacket(packet);
    nextInOrder++;
    deliverWaiting();
  }

  private void deliverWaiting() {
    while (!waiting.isEmpty() && waiting.firstKey() == nextInOrder) {
      byte[] packet = waiting.pollFirstEntry().getValue();
      if (ordered.parse(packet, packet.length)) {
        consumer.onPacket(ordered);
      }
      nextInOrder++;
    }
  }

  /** Gives up what is missing for too long. @return sequence numbers to ask for now, ascending */
  List<Integer> takeNacks(long nowNanos, boolean mayAsk) {
    List<Integer> asked = new ArrayList<>();
    long giveUpAfter = mayAsk ? GIVE_UP_NANOS : NACK_AGAIN_NANOS;
    boolean gaveUp = false;
    for (Iterator<Map.Entry<Long, Missing>> i = missing.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Long, Missing> entry = i.next();
      if (nowNanos - entry.getValue().sinceNanos >= giveUpAfter) {
        i.remove();
        lostPackets++;
        gaveUp = true;
      } else if (mayAsk && nowNanos - entry.getValue().askAtNanos >= 0) {
        entry.getValue().askAtNanos = nowNanos + NACK_AGAIN_NANOS;
        asked.add((int) (entry.getKey() & 0xffff));
      }
    }
    if (gaveUp) {
      skipLost();
    }
    nacksSent += asked.size();
    return asked;
  }

  private void skipLost() {
    while (!waiting.isEmpty()) {
      long oldestHope = missing.isEmpty() ? Long.MAX_VALUE : missing.firstKey();
      long next = waiting.firstKey();
      if (oldestHope < next) {
        return;
      }
      if (next > nextInOrder) {
        consumer.onLoss(next - nextInOrder);
        nextInOrder = next;
      }
      deliverWaiting();
    }
  }

  private void flush() {
    lostPackets += missing.size();
    missing.clear();
    skipLost();
  }

  void onSenderReport(long ntpMiddle, long nowNanos) {
    senderReportMiddle = ntpMiddle;
    senderReportNanos = nowNanos;
  }

  /** Writes the 24 bytes of a report block and starts the next interval. */
  void writeReportBlock(byte[] target, int offset, long nowNanos) {
    long expected = highestSequence - firstSequence + 1;
    long expectedNow = expected - reportedExpected;
    long receivedNow = receivedSinceStart - reportedReceived;
    reportedExpected = expected;
    reportedReceived = receivedSinceStart;
    long lostNow = Math.max(0, expectedNow - receivedNow);
    int fraction = expectedNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
    Ints.put32(target, offset, ssrc);
    target[offset + 4] = (byte) fraction;
    Ints.put24(target, offset + 5, (int) Math.max(0, expected - receivedSinceStart));
    Ints.put32(target, offset + 8, highestSequence - 0x10000L);
    Ints.put32(target, offset + 12, (long) jitterTicks);
    Ints.put32(target, offset + 16, senderReportMiddle);
    long delay = senderReportMiddle == 0 ? 0 : (nowNanos - senderReportNanos) * 65_536 / 1_000_000_000L;
    Ints.put32(target, offset + 20, delay);
  }

  public int ssrc() {
    return ssrc;
  }

  /** Different packets that arrived, repaired ones included. */
  public long receivedPackets() {
    return receivedPackets;
  }

  /** Packets that came by RTX and were missing. */
  public long repairedPackets() {
    return repairedPackets;
  }

  public long duplicatePackets() {
    return duplicatePackets;
  }

  /** Packets given up. */
  public long lostPackets() {
    return lostPackets;
  }

  /** Packets missing now that may still come. */
  public int missingPackets() {
    return missing.size();
  }

  /** Breaks of the numbering too wide to be loss: a source change must not make one. */
  public long jumps() {
    return jumps;
  }

  public long nacksSent() {
    return nacksSent;
  }

  public long payloadBytes() {
    return payloadBytes;
  }

  public long highestTimestamp() {
    return highestTimestamp;
  }
}
