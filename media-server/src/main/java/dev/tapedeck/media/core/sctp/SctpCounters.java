package dev.tapedeck.media.core.sctp;

/** Plain counts of one association, or of several on one thread, which owns them. */
public final class SctpCounters {
  private final long[] drops = new long[SctpDropReason.values().length];
  long receivedPackets;
  long sentPackets;
  long sentDataChunks;
  long retransmittedDataChunks;
  long receivedMessages;
  long abandonedMessages;

  void drop(SctpDropReason reason) {
    drops[reason.ordinal()]++;
  }

  /** Packets, chunks or messages not used for this reason. */
  public long drops(SctpDropReason reason) {
    return drops[reason.ordinal()];
  }

  public long receivedPackets() {
    return receivedPackets;
  }

  public long sentPackets() {
    return sentPackets;
  }

  /** First transmissions and repetitions. */
  public long sentDataChunks() {
    return sentDataChunks;
  }

  public long retransmittedDataChunks() {
    return retransmittedDataChunks;
  }

  /** Whole messages, DCEP included. */
  public long receivedMessages() {
    return receivedMessages;
  }

  /** Messages given up as their {@link Reliability} says. */
  public long abandonedMessages() {
    return abandonedMessages;
  }
}
