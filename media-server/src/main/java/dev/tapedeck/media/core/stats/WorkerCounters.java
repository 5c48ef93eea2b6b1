package dev.tapedeck.media.core.stats;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.media.core.sctp.SctpCounters;

/** What a worker has done since it started. Written by its thread, read by anybody who can bear a stale value. */
public final class WorkerCounters {
  /** Datagrams taken from the sockets. */
  public long datagramsReceived;

  /** RTP packets accepted from publishers, retransmissions included, duplicates not. */
  public long packetsReceived;

  /** RTP packets written to receivers, retransmissions not included. */
  public long packetsForwarded;

  /** Packets sent again because a receiver asked for them. */
  public long packetsRetransmitted;

  /** Packets a receiver asked for that the cache did not hold. */
  public long retransmissionMisses;

  /** Packets handed to the tape. */
  public long packetsTaped;

  /** Packets left off the tape because the spool was short of room. */
  public long packetsShed;

  /** Packets that publishers had to be asked for again and that then came. */
  public long packetsRepaired;

  /** Key frames asked of publishers. */
  public long keyFrameRequests;

  /** NACK messages sent to publishers. */
  public long nacksSent;

  /** Transport-wide feedback messages sent to publishers. */
  public long transportFeedbacksSent;

  /** Messages given to members who subscribe to their label. */
  public long messagesDelivered;

  /** Messages a subscriber missed because too much waited for it already. */
  public long messagesDropped;

  /** Messages not taken from their publisher: too long, or it had not said that it publishes. */
  public long messagesRefused;

  /** Messages of the session protocol that could not be read. */
  public long messagesUnreadable;

  /** What all SCTP associations of the worker have done. */
  public final SctpCounters sctp = new SctpCounters();

  private final long[] drops = new long[DropReason.values().length];
  private final long[] refusals = new long[Limit.values().length];

  public void drop(DropReason reason) {
    drops[reason.ordinal()]++;
  }

  public long drops(DropReason reason) {
    return drops[reason.ordinal()];
  }

  /** Something was refused for this limit. */
  public void refuse(Limit limit) {
    refusals[limit.ordinal()]++;
  }

  public long refusals(Limit limit) {
    return refusals[limit.ordinal()];
  }
}
