package dev.tapedeck.media.core.room;

/**
 * Renumbers one receiver's stream, so that SSRC, sequence numbers and timestamps go on without a break whatever source
 * it shows. Packets the source lost stay holes, and are filled if they come late; packets left out on purpose leave none.
 * Owned by the worker thread.
 *
 * <p>Packets have places, in which those left out count; sequence numbers are places without them. Epochs are told by
 * places.
 */
final class RtpMunger {
  /** Epochs remembered for retransmissions; a power of two. */
  private static final int EPOCHS = 8;

  /** Packets more than this behind the newest one belong to no retransmission. */
  private static final int HISTORY_PACKETS = 1 << 14;

  private final SwitchEpoch[] epochs = new SwitchEpoch[EPOCHS];
  private int epochCount;

  /** Unwrapped, so that an epoch may last for any number of packets. */
  private long highestPlace;

  private final Omissions omissions;
  private int lastTimestamp;
  private long lastPacketNanos;

  /** @param firstSequenceNumber below 2^15, so that no receiver mistakes the start for a wrap (RFC 3711 §3.3.1) */
  RtpMunger(int firstSequenceNumber, int firstTimestamp) {
    for (int i = 0; i < EPOCHS; i++) {
      epochs[i] = new SwitchEpoch();
    }
    highestPlace = firstSequenceNumber - 1L;
    omissions = new Omissions(firstSequenceNumber);
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
    epoch.firstPlace = highestPlace + 1;
    epoch.firstSourceSequence = sourceSequence;
    epoch.placeOffset = epoch.firstPlace - sourceSequence;
    epoch.timestampOffset = timestamp - sourceTimestamp;
    return epoch;
  }

  /** Receiver's sequence number of a source packet in the current epoch, or -1 if it came before the switch. */
  int map(long nowNanos, long sourceSequence, int sourceTimestamp) {
    SwitchEpoch epoch = epoch(currentEpoch());
    if (sourceSequence < epoch.firstSourceSequence) {
      return -1;
    }
    long place = sourceSequence + epoch.placeOffset;
    if (place > highestPlace) {
      highestPlace = place;
      omissions.advance(place);
      lastTimestamp = sourceTimestamp + epoch.timestampOffset;
      lastPacketNanos = nowNanos;
    }
    long sequence = omissions.isLeftOut(place) ? Omissions.FORGOTTEN : omissions.count(place);
    return sequence == Omissions.FORGOTTEN ? -1 : (int) sequence & 0xFFFF;
  }

  /** Whether no later packet of the source was mapped or left out in the current epoch. */
  boolean wouldBeNewest(long sourceSequence) {
    return sourceSequence + epoch(currentEpoch()).placeOffset > highestPlace;
  }

  /** The receiver does without this packet, which {@link #wouldBeNewest}, and never learns of it. */
  void leaveOut(long sourceSequence) {
    highestPlace = sourceSequence + epoch(currentEpoch()).placeOffset;
    omissions.leaveOut(highestPlace);
  }

  /** The receiver gets this packet, whose number is given out already, without payload. */
  void empty(long sourceSequence) {
    omissions.empty(sourceSequence + epoch(currentEpoch()).placeOffset);
  }

  /** Whether a packet that was sent went without payload. */
  boolean isEmptied(int sequenceNumber) {
    return omissions.isEmptied(place(sequenceNumber));
  }

  /** Whether no later number has been given out. */
  boolean isNewest(int sequenceNumber) {
    return sequenceNumber == ((int) highestSequence() & 0xFFFF);
  }

  /** Number of the epoch that sent this sequence number, or -1 if none still known did. */
  int epochOf(int sequenceNumber) {
    int behind = (int) highestSequence() - sequenceNumber & 0xFFFF;
    if (epochCount == 0 || behind > HISTORY_PACKETS) {
      return -1;
    }
    long place = place(sequenceNumber);
    for (int number = epochCount - 1; number >= Math.max(0, epochCount - EPOCHS); number--) {
      if (place >= epoch(number).firstPlace) {
        return number;
      }
    }
    return -1;
  }

  /** The source's sequence number behind a receiver's one, in that epoch. */
  int sourceSequenceNumber(int epoch, int sequenceNumber) {
    return (int) (place(sequenceNumber) - epoch(epoch).placeOffset) & 0xFFFF;
  }

  /** Where a packet already sent stands, or {@link Omissions#FORGOTTEN}, which is before everything. */
  private long place(int sequenceNumber) {
    long highest = highestSequence();
    return omissions.numberOf(highest - ((int) highest - sequenceNumber & 0xFFFF));
  }

  /** Unwrapped number of the newest packet that was not left out. */
  private long highestSequence() {
    return highestPlace - omissions.total();
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
