package dev.tapedeck.bench.latency;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * The least a server in the middle can do: a thread that passes each datagram on to one address. What a path through it
 * takes, the machine takes of every path: timers, wake-ups, two passes through the kernel.
 */
public final class UdpRelay implements AutoCloseable {
  private static final int MAX_DATAGRAM_BYTES = 2048;

  private final DatagramChannel channel;
  private final InetSocketAddress address;
  private final InetSocketAddress destination;
  private final Thread thread;

  public UdpRelay(InetSocketAddress destination) throws IOException {
    this.destination = destination;
    channel = DatagramChannel.open(StandardProtocolFamily.INET)
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    address = (InetSocketAddress) channel.getLocalAddress();
    thread = Thread.ofPlatform().name("bench-relay").daemon().start(this::run);
  }

  /** Where to send what is to be passed on. */
  public InetSocketAddress address() {
    return address;
  }

  private void run() {
    ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    while (channel.isOpen()) {
      try {
        channel.receive(datagram.clear());
        channel.send(datagram.flip(), destination);
      } catch (IOException e) {
        // Closed, or an ICMP error of an earlier send: the next datagram tells.
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
