package dev.tapedeck.bench.client.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.LongAdder;

/**
 * One non-blocking UDP socket of a client, with an {@link Impairment} in each direction.
 *
 * <p>Read by its {@link ClientLoop} only; {@link #send} may be called from any thread.
 */
public final class UdpPort implements AutoCloseable {
  public static final int MAX_DATAGRAM_BYTES = 2048;
  private static final int SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;
  /** Datagrams read from one socket before the others have their turn. */
  private static final int READS_PER_TURN = 64;

  private final ClientLoop loop;
  private final DatagramChannel channel;
  private final InetSocketAddress localAddress;
  private final DatagramHandler handler;
  private final Impairment inbound;
  private final Impairment outbound;
  private final LongAdder refusedSends = new LongAdder();

  UdpPort(ClientLoop loop, InetAddress address, DatagramHandler handler, Impairment inbound, Impairment outbound)
      throws IOException {
    this.loop = loop;
    this.handler = handler;
    this.inbound = inbound;
    this.outbound = outbound;
    // One family alone: the kernel then maps no address of the other for each datagram.
    channel = DatagramChannel.open(
        address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    channel.bind(new InetSocketAddress(address, 0));
    channel.configureBlocking(false);
    localAddress = (InetSocketAddress) channel.getLocalAddress();
  }

  public InetSocketAddress localAddress() {
    return localAddress;
  }

  /** The socket as {@code java.net} shows it; libraries ask it for its address, nobody reads from it. */
  public DatagramSocket socket() {
    return channel.socket();
  }

  /** Datagrams that the kernel did not take: its send buffer was full, or the far port was closed. */
  public long refusedSends() {
    return refusedSends.sum();
  }

  /** Sends a copy of the bytes, or loses or delays them as the outbound impairment says. */
  public void send(byte[] data, int offset, int length, InetSocketAddress remote) {
    long delayNanos = outbound.decide(data, offset, length, loop.nowNanos());
    if (delayNanos == Impairment.DROP) {
      return;
    }
    if (delayNanos == 0) {
      sendNow(ByteBuffer.wrap(data, offset, length), remote);
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(length).put(data, offset, length).flip();
    loop.schedule(loop.nowNanos() + delayNanos, () -> sendNow(copy, remote));
  }

  private void sendNow(ByteBuffer datagram, InetSocketAddress remote) {
    try {
      if (channel.send(datagram, remote) == 0) {
        refusedSends.increment();
      }
    } catch (ClosedChannelException e) {
      // The connection ended while a datagram was on its way; UDP promises nothing.
    } catch (IOException e) {
      refusedSends.increment();
    }
  }

  void register(Selector selector) {
    try {
      channel.register(selector, SelectionKey.OP_READ, this);
    } catch (ClosedChannelException e) {
      // Closed before the loop saw it: nothing to read.
    }
  }

  void readAll(byte[] buffer) {
    for (int i = 0; i < READS_PER_TURN; i++) {
      ByteBuffer view = ByteBuffer.wrap(buffer);
      InetSocketAddress remote;
      try {
        remote = (InetSocketAddress) channel.receive(view);
      } catch (IOException e) {
        // An ICMP error of an earlier send, or a close on another thread.
        return;
      }
      if (remote == null) {
        return;
      }
      deliver(remote, buffer, view.position());
    }
  }

  private void deliver(InetSocketAddress remote, byte[] buffer, int length) {
    if (length == 0) {
      return;
    }
    long nowNanos = loop.nowNanos();
    long delayNanos = inbound.decide(buffer, 0, length, nowNanos);
    if (delayNanos == Impairment.DROP) {
      return;
    }
    if (delayNanos == 0) {
      handler.onDatagram(this, remote, buffer, length, nowNanos);
      return;
    }
    // Whole buffer size, because handlers may decrypt in place and look at the capacity.
    byte[] copy = new byte[MAX_DATAGRAM_BYTES];
    System.arraycopy(buffer, 0, copy, 0, length);
    loop.schedule(nowNanos + delayNanos, () -> handler.onDatagram(this, remote, copy, length, loop.nowNanos()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Closing a UDP socket loses nothing that was promised.
    }
  }
}
