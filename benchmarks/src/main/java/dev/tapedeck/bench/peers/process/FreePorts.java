package dev.tapedeck.bench.peers.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;

/** Ports that were free a moment ago, for programs that want to be told theirs. */
public final class FreePorts {
  /** Below the ports that the kernel gives to sockets that name none, so that no client takes one in between. */
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 32_000;

  private FreePorts() {}

  public static int tcp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public static int udp() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  /** @return first and last of so many, as in {@code 12000-15999}; the first is even */
  public static String udpRange(int ports) throws IOException {
    for (int first = LOWEST; first + ports <= HIGHEST; first += ports) {
      if (isFree(first) && isFree(first + ports - 1) && isFree(first + ports / 2)) {
        return first + "-" + (first + ports - 1);
      }
    }
    throw new IOException("no " + ports + " UDP ports in a row seem free in " + LOWEST + ".." + HIGHEST);
  }

  private static boolean isFree(int port) {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      return socket.isBound();
    } catch (SocketException e) {
      return false;
    }
  }
}
