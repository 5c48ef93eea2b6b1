package dev.tapedeck.bench.peers.rtpengine;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commands of rtpengine's NG protocol: a cookie, a space and a bencoded dictionary in one UDP datagram; the answer
 * repeats the cookie. A command asked again under its cookie is answered again and not done again.
 */
final class NgClient {
  private static final int TIMEOUT_MILLIS = 1000;
  private static final int ATTEMPTS = 20;
  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private final InetSocketAddress server;
  private final AtomicLong cookies = new AtomicLong();

  NgClient(int port) {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** @throws IOException if there is no answer, or it is an error; the message has rtpengine's reason */
  Map<String, Object> ask(Map<String, ?> command) throws IOException {
    return ask(command, ATTEMPTS);
  }

  boolean isAlive() {
    try {
      ask(Map.of("command", "ping"), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Map<String, Object> ask(Map<String, ?> command, int attempts) throws IOException {
    String cookie = "c" + cookies.incrementAndGet();
    byte[] message = join((cookie + " ").getBytes(StandardCharsets.US_ASCII), Bencode.write(command));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(server);
      for (int i = 0; i < attempts; i++) {
        socket.send(new DatagramPacket(message, message.length));
        try {
          return receive(socket, cookie, command);
        } catch (SocketTimeoutException e) {
          // Asked again: UDP may have lost either way.
        }
      }
    }
    throw new IOException("rtpengine did not answer " + command.get("command"));
  }

  private static Map<String, Object> receive(DatagramSocket socket, String cookie, Map<String, ?> command)
      throws IOException {
    byte[] buffer = new byte[MAX_DATAGRAM_BYTES];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    int start = cookie.length() + 1;
    Map<String, Object> answer = Bencode.read(buffer, start, packet.getLength());
    if (answer.get("result").equals("error")) {
      throw new IOException(
          "rtpengine refused " + command.get("command") + ": " + answer.get("error-reason"));
    }
    return answer;
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }
}
