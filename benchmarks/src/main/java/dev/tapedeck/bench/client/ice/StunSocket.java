package dev.tapedeck.bench.client.ice;

import dev.tapedeck.bench.client.net.UdpPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.ice4j.socket.IceSocketWrapper;

/**
 * What ice4j takes for a socket: it sends through a {@link UdpPort} and receives only the STUN messages that the client
 * loop hands in. So media never passes ice4j's threads.
 */
final class StunSocket extends IceSocketWrapper {
  private static final Received END = new Received(new byte[0], null);
  private static final int QUEUED_MESSAGES = 64;

  private final UdpPort port;
  private final BlockingQueue<Received> received = new ArrayBlockingQueue<>(QUEUED_MESSAGES);

  private record Received(byte[] message, InetSocketAddress remote) {}

  StunSocket(UdpPort port) {
    this.port = port;
  }

  UdpPort port() {
    return port;
  }

  /** Takes a STUN message from the loop; when ice4j is far behind it is dropped, and STUN sends again. */
  void handIn(byte[] data, int length, InetSocketAddress remote) {
    received.offer(new Received(Arrays.copyOf(data, length), remote));
  }

  @Override
  public void send(DatagramPacket packet) {
    port.send(packet.getData(), packet.getOffset(), packet.getLength(), (InetSocketAddress) packet.getSocketAddress());
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    Received next;
    try {
      next = received.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted");
    }
    if (next == END) {
      throw new SocketException("closed");
    }
    System.arraycopy(next.message, 0, packet.getData(), packet.getOffset(), next.message.length);
    packet.setLength(next.message.length);
    packet.setSocketAddress(next.remote);
  }

  @Override
  public void close() {
    port.close();
    received.clear();
    received.offer(END);
  }

  @Override
  public InetAddress getLocalAddress() {
    return port.localAddress().getAddress();
  }

  @Override
  public int getLocalPort() {
    return port.localAddress().getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return port.localAddress();
  }

  @Override
  public Socket getTCPSocket() {
    return null;
  }

  @Override
  public DatagramSocket getUDPSocket() {
    return port.socket();
  }
}
