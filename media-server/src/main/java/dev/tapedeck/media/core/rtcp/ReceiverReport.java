package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.NtpTime;
import dev.tapedeck.protocol.rtp.SequenceNumbers;
import java.lang.foreign.MemorySegment;

/**
 * What we report about one received stream: loss and jitter as RFC 3550 appendices A.1, A.3 and A.8 count them.
 * Retransmitted packets do not count as received there, so that the sender sees what the network did. Owned by the
 * worker thread; allocates nothing.
 */
public final class ReceiverReport {
  /** A jump further than this is a restart of the sender, if the next packet follows on it (RFC 3550 A.1). */
  private static final int MAX_DROPOUT = 3000;
  private static final int MAX_MISORDER = 100;
  private static final int MAX_JITTER_SECONDS = 5;
  private static final int MAX_LOST = (1 << 23) - 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int ssrc;
  private final int clockRate;
  private boolean started;
  private long base;
  private long highest;
  private long receivedPackets;
  private long repairedPackets;
  private long expectedAtReport;
  private long receivedAtReport;
  private int restartSequenceNumber = -1;

  /** Packets of the time before the sender started anew. */
  private long expectedBefore;

  private int lastTransit;

  /** Sixteen times the jitter, in ticks. */
  private int scaledJitter;

  private boolean hasSenderReport;
  private int lastSenderReport;
  private long senderReportNanos;

  /** @param clockRate RTP ticks per second */
  public ReceiverReport(int ssrc, int clockRate) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
  }

  /**
   * Notes a packet that was not seen before.
   *
   * @param repaired whether it came as a retransmission
   */
  public void onPacket(long nowNanos, int sequenceNumber, int rtpTimestamp, boolean repaired) {
    if (repaired) {
      repairedPackets++;
      return;
    }
    if (!started) {
      start(sequenceNumber);
      lastTransit = transit(nowNanos, rtpTimestamp);
    } else if (!moveTo(sequenceNumber)) {
      return;
    }
    receivedPackets++;
    noteTransit(transit(nowNanos, rtpTimestamp));
  }

  /** Notes a sender report of this stream (RFC 3550 §6.4.1). */
  public void onSenderReport(long nowNanos, long ntp) {
    hasSenderReport = true;
    lastSenderReport = NtpTime.middle32(ntp);
    senderReportNanos = nowNanos;
  }

  /** Writes a report block of 24 bytes; the time until the next one is its interval. */
  public void writeBlock(long nowNanos, MemorySegment memory, long offset) {
    Bytes.put32(memory, offset, ssrc);
    Bytes.put32(memory, offset + 4, takeFractionLost() << 24 | cumulativeLost() & 0xFF_FFFF);
    Bytes.put32(memory, offset + 8, (int) highest);
    Bytes.put32(memory, offset + 12, scaledJitter >>> 4);
    Bytes.put32(memory, offset + 16, hasSenderReport ? lastSenderReport : 0);
    Bytes.put32(memory, offset + 20, hasSenderReport ? NtpTime.toShortFormat(nowNanos - senderReportNanos) : 0);
  }

  /** Whether a packet has come, so that there is something to report. */
  public boolean isStarted() {
    return started;
  }

  public int ssrc() {
    return ssrc;
  }

  /** Packets from the first to the newest one, had none been lost. */
  public long expectedPackets() {
    return started ? expectedBefore + highest - base + 1 : 0;
  }

  /** Packets that came by themselves. */
  public long receivedPackets() {
    return receivedPackets;
  }

  /** Packets that came as retransmissions. */
  public long repairedPackets() {
    return repairedPackets;
  }

  /** Packets that came neither way. */
  public long lostPackets() {
    return Math.max(0, expectedPackets() - receivedPackets - repairedPackets);
  }

  /** Interarrival jitter in ticks (RFC 3550 §6.4.1). */
  public int jitter() {
    return scaledJitter >>> 4;
  }

  private void start(int sequenceNumber) {
    started = true;
    base = sequenceNumber;
    highest = sequenceNumber;
  }

  /** RFC 3550 A.1 without probation: who may send is known by signalling. */
  private boolean moveTo(int sequenceNumber) {
    int distance = SequenceNumbers.distance((int) highest, sequenceNumber);
    if (distance > -MAX_MISORDER && distance < MAX_DROPOUT) {
      restartSequenceNumber = -1;
      long extended = highest + distance;
      highest = Math.max(highest, extended);
      base = Math.min(base, extended);
      return true;
    }
    if (sequenceNumber != restartSequenceNumber) {
      restartSequenceNumber = SequenceNumbers.plus(sequenceNumber, 1);
      return false;
    }
    restartSequenceNumber = -1;
    expectedBefore = expectedPackets();
    start(sequenceNumber);
    return true;
  }

  /** RFC 3550 A.3; a negative loss, by duplicates, is none. */
  private int takeFractionLost() {
    long expected = expectedPackets() - expectedAtReport;
    long received = receivedPackets - receivedAtReport;
    expectedAtReport += expected;
    receivedAtReport += received;
    long lost = expected - received;
    return expected <= 0 || lost <= 0 ? 0 : (int) Math.min((lost << 8) / expected, 255);
  }

  private int cumulativeLost() {
    return (int) Math.clamp(expectedPackets() - receivedPackets, -MAX_LOST - 1L, MAX_LOST);
  }

  /** RFC 3550 A.8, but a jump of the sender's clock is no jitter. */
  private void noteTransit(int transit) {
    long difference = Math.abs((long) transit - lastTransit);
    lastTransit = transit;
    if (difference < (long) MAX_JITTER_SECONDS * clockRate) {
      scaledJitter += (int) difference - (scaledJitter + 8 >> 4);
    }
  }

  private int transit(long nowNanos, int rtpTimestamp) {
    long ticks = nowNanos / NANOS_PER_SECOND * clockRate + nowNanos % NANOS_PER_SECOND * clockRate / NANOS_PER_SECOND;
    return (int) ticks - rtpTimestamp;
  }
}
