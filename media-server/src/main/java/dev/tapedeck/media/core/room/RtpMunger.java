package dev.tapedeck.media.core.room;

/**
 * Renumbers one receiver's stream, so that SSRC, sequence numbers and timestamps go on without a break whatever source
 * it shows. Packets the source lost stay holes, and are filled if they come late. Owned by the worker thread.
 */
final class RtpMunger {
  /** Epochs remembered for retransmissions; a power of two. */
  private static final int EPOCHS = 8;

  /** Packets more than this behind the newest one belong to no retransmission. */
  private static final int HISTORY_PACKETS = 1 << 14;

  private final SwitchEpoch[] epochs = new SwitchEpoch[EPOCHS];
  private int epochCount;

  /** Unwrapped, so that an epoch may last for any number of packets. */
  private long highestSequence;

  private int lastTimestamp;
  private long lastPacketNanos;

  /** @param firstSequenceNumber below 2^15, so that no receiver mistakes the start for a wrap (RFC 3711 §3.3.1) */
  RtpMunger(int firstSequenceNumber, int firstTimestamp) {
    for (int i = 0; i < EPOCHS; i++) {
      epochs[i] = new SwitchEpoch();
    }
    highestSequence = firstSequenceNumber - 1L;
    lastTimestamp = firstTimestamp;
  }

  /** Number of the epoch in force, or -1 before the first. */
  int currentEpoch() {
    return epochCount - 1;
  }

  /** An epoch by number; only the last {@value #EPOCHS} exist. */
  SwitchEpoch epoch(int number) {
    return epochs[number & EPOCHS - 1];
  }

  /**
   * Begins an epoch with this packet as its first.
   *
   * @param timestamp the receiver's RTP time of that packet
   */
  SwitchEpoch begin(UpLayer layer, long sourceSequence, int sourceTimestamp, int timestamp) {
    SwitchEpoch epoch = epochs[epochCount++ & EPOCHS - 1];
    epoch.layer = layer;
    epoch.firstSequence = highestSequence + 1;
    epoch.firstSourceSequence = sourceSequence;
    epoch.sequenceOffset = epoch.firstSequence - sourceSequence;
    epoch.timestampOffset = timestamp - sourceTimestamp;
    return epoch;
  }

  /** Receiver's sequence number of a source packet in the current epoch, or -1 if it came before the switch. */
  int map(long nowNanos, long sourceSequence, int sourceTimestamp) {
    SwitchEpoch epoch = epoch(currentEpoch());
    if (sourceSequence < epoch.firstSourceSequence) {
      return -1;
    }
    long mapped = sourceSequence + epoch.sequenceOffset;
    if (mapped > highestSequence) {
      highestSequence = mapped;
      lastTimestamp = sourceTimestamp + epoch.timestampOffset;
      lastPacketNanos = nowNanos;
    }
    return (int) mapped & 0xFFFF;
  }

  /** Whether no later number has been given out. */
  boolean isNewest(int sequenceNumber) {
    return sequenceNumber == ((int) highestSequence & 0xFFFF);
  }

  /** Number of the epoch that sent this sequence number, or -1 if none still known did. */
  int epochOf(int sequenceNumber) {
    int behind = (int) highestSequence - sequenceNumber & 0xFFFF;
    if (epochCount == 0 || behind > HISTORY_PACKETS) {
      return -1;
    }
    long sequence = highestSequence - behind;
    for (int number = epochCount - 1; number >= Math.max(0, epochCount - EPOCHS); number--) {
      if (sequence >= epoch(number).firstSequence) {
        return number;
      }
    }
    return -1;
  }

  /** The source's sequence number behind a receiver's one, in that epoch. */
  int sourceSequenceNumber(int epoch, int sequenceNumber) {
    return sequenceNumber - (int) epoch(epoch).sequenceOffset & 0xFFFF;
  }

  /** Lets go of all sources: what was sent of them cannot be sent again, but the numbers go on. */
  void forgetSources() {
    for (SwitchEpoch epoch : epochs) {
      epoch.layer = null;
    }
  }

  /** RTP time of the newest packet sent. */
  int lastTimestamp() {
    return lastTimestamp;
  }

  /** When the newest packet was sent, 0 before the first. */
  long lastPacketNanos() {
    return lastPacketNanos;
  }
}
