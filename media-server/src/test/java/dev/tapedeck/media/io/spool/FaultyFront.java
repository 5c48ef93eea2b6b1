package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a store and lets connections fail before it lets the rest through. */
final class FaultyFront implements AutoCloseable {
  enum Fault {
    FORBIDDEN,
    SERVER_ERROR,
    RESET,
    /** The request goes through, the answer does not. */
    ANSWER_LOST
  }

  private final int storePort;
  private final List<Fault> faults;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** @param faults of the first connections, one each */
  FaultyFront(int storePort, List<Fault> faults) throws IOException {
    this.storePort = storePort;
    this.faults = faults;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  int faultsMet() {
    return Math.min(connections.get(), faults.size());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        int number = connections.getAndIncrement();
        Thread.ofVirtual().start(() -> serve(client, number));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client, int number) {
    try (client) {
      if (number >= faults.size()) {
        relay(client);
      } else {
        fail(client, faults.get(number));
      }
    } catch (IOException e) {
      // either side went away, which is what this is for
    }
  }

  private void fail(Socket client, Fault fault) throws IOException {
    switch (fault) {
      case FORBIDDEN -> answer(client, "403 Forbidden");
      case SERVER_ERROR -> answer(client, "500 Internal Server Error");
      case RESET -> {
        client.getInputStream().read(new byte[100]);
        client.setSoLinger(true, 0);
      }
      case ANSWER_LOST -> {
        try (Socket store = new Socket(InetAddress.getLoopbackAddress(), storePort)) {
          Thread.ofVirtual().start(() -> pump(client, store));
          store.getInputStream().read(new byte[1]);
        }
      }
    }
  }

  /** Answers at once, as stores do, without reading the body. */
  private static void answer(Socket client, String status) throws IOException {
    client.getInputStream().read(new byte[1]);
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private void relay(Socket client) throws IOException {
    try (Socket store = new Socket(InetAddress.getLoopbackAddress(), storePort)) {
      open.add(store);
      Thread.ofVirtual().start(() -> pump(client, store));
      pump(store, client);
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // either side went away
    }
  }
}
