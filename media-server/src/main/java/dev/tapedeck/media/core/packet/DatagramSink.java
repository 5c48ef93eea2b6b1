package dev.tapedeck.media.core.packet;

import java.lang.foreign.MemorySegment;

/**
 * Where finished datagrams go. It only queues: nothing is sent, and nothing calls back, before the worker returns.
 *
 * <p>Datagrams reserved one after the other for the same path lie one behind the other, so that those of equal size can
 * leave in one system call (UDP GSO).
 */
public interface DatagramSink {
  /** Same memory as the worker's {@code PacketArena}. */
  MemorySegment memory();

  /**
   * Room for one datagram to {@code path}; valid until the next call.
   *
   * @param maxBytes at most 1500
   * @return offset into {@link #memory()}
   */
  long reserve(Path path, int maxBytes);

  /** Queues the reserved datagram with its final size, 1 to {@code maxBytes}. */
  void commit(int bytes);
}
