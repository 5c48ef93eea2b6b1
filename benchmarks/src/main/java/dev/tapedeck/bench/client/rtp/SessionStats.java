package dev.tapedeck.bench.client.rtp;

import java.util.List;

/**
 * Counters of one connection at one moment.
 *
 * @param keyFrameRequests     PLI and new FIR received, for streams we send
 * @param keyFrameRequestsSent PLI we sent
 * @param nacksReceived        sequence numbers asked of us
 * @param transportFeedbacks   transport-wide feedback packets received
 * @param transportAcknowledged packets they say arrived; {@code transportNotReceived} says which did not
 * @param malformedRtcp        RTCP packets that could not be read
 * @param remb                 REMB messages received
 * @param rejected             packets that failed SRTP authentication or were replays
 * @param unknown              RTP packets of no m-line
 */
public record SessionStats(long packetsSent, long retransmitted, long unansweredNacks, long keyFrameRequests,
    long keyFrameRequestsSent, long nacksReceived, long senderReportsReceived, long receiverReportBlocks,
    long transportFeedbacks, long transportAcknowledged, long transportNotReceived, long malformedRtcp, long remb,
    long rejected, long unknown, List<SlotStats> slots) {
  public SessionStats {
    slots = List.copyOf(slots);
  }

  public static final SessionStats EMPTY =
      new SessionStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  public long packetsReceived() {
    return slots.stream().mapToLong(SlotStats::received).sum();
  }

  public long lostPackets() {
    return slots.stream().mapToLong(SlotStats::lost).sum();
  }

  public long repairedPackets() {
    return slots.stream().mapToLong(SlotStats::repaired).sum();
  }
}
