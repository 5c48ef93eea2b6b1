package dev.tapedeck.bench.client.ice;

import dev.tapedeck.bench.client.net.UdpPort;
import java.net.InetSocketAddress;

/** The nominated pair: the socket to send from and the address to send to. */
public record IcePath(UdpPort port, InetSocketAddress remote) {
  public void send(byte[] data, int offset, int length) {
    port.send(data, offset, length, remote);
  }
}
