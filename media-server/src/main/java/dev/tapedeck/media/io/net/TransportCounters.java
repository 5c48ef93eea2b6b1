package dev.tapedeck.media.io.net;

/**
 * What the sockets of one worker have cost and carried since they were opened. Written by the worker's thread, read by
 * anybody who can bear a stale value.
 */
public final class TransportCounters {
  /** System calls that took datagrams, or found none. */
  public long receiveCalls;

  /** System calls that sent. */
  public long sendCalls;

  /** System calls that waited, for a datagram or for company to it. */
  public long waitCalls;

  /** Messages sent; one holds one datagram, or several that the kernel cuts from it (UDP GSO). */
  public long messagesSent;

  /** Datagrams given to the kernel. */
  public long datagramsSent;

  /** Of those, datagrams that shared a message with others. */
  public long datagramsGathered;

  /** Datagrams the kernel took no room for. */
  public long sendDrops;

  /** A message that was sent, of so many datagrams. */
  void sent(int datagrams) {
    messagesSent++;
    datagramsSent += datagrams;
    if (datagrams > 1) {
      datagramsGathered += datagrams;
    }
  }
}
