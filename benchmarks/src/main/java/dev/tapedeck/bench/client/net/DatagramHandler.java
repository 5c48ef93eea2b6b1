package dev.tapedeck.bench.client.net;

import java.net.InetSocketAddress;

/** Takes datagrams off a {@link UdpPort}, on the thread of its {@link ClientLoop}. */
@FunctionalInterface
public interface DatagramHandler {
  /**
   * @param data     the datagram from index 0; may be changed in place, not kept after return
   * @param length   bytes of the datagram, 1..{@link UdpPort#MAX_DATAGRAM_BYTES}
   * @param nowNanos time of arrival by {@link ClientLoop#nowNanos}
   */
  void onDatagram(UdpPort port, InetSocketAddress remote, byte[] data, int length, long nowNanos);
}
