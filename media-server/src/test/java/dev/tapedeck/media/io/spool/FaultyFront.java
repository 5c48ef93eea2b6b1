package dev.tapedeck.media.io.spool;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a store and lets connections fail before it lets the rest through. */
final class FaultyFront implements AutoCloseable {
  enum Fault {
    FORBIDDEN,
    SERVER_ERROR,
    RESET,
    /** The request goes through, the answer does not. */
    ANSWER_LOST,
    /** Nothing comes back. */
    HANGS,
    /** The answer begins and does not end. */
    HANGS_IN_THE_ANSWER,
    /** 200, and nothing is stored. */
    STORES_NOTHING,
    /** 200, and only the first half is there. */
    STORES_HALF,
    /** 200, and one byte is another. */
    STORES_OTHER_BYTES;

    static final List<Fault> REFUSALS = List.of(FORBIDDEN, SERVER_ERROR, RESET, ANSWER_LOST);
    static final List<Fault> LIES = List.of(STORES_NOTHING, STORES_HALF, STORES_OTHER_BYTES);
  }

  private final int storePort;
  private final Path storeFolder;
  private final List<Fault> faults;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param storeFolder where the store keeps its objects as files
   * @param faults      of the first connections, one each
   */
  FaultyFront(int storePort, Path storeFolder, List<Fault> faults) throws IOException {
    this.storePort = storePort;
    this.storeFolder = storeFolder;
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
      case HANGS -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
      case HANGS_IN_THE_ANSWER -> {
        client.getInputStream().read(new byte[1]);
        client.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
      case STORES_NOTHING, STORES_HALF, STORES_OTHER_BYTES -> lie(client, fault);
    }
  }

  private void lie(Socket client, Fault fault) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    Matcher length = Pattern.compile("(?i)content-length: *([0-9]+)").matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    String path = URI.create(head.toString().split(" ")[1]).getPath();
    if (fault != Fault.STORES_NOTHING) {
      Path file = storeFolder.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      body[body.length / 3] ^= 1;
      Files.write(file, fault == Fault.STORES_HALF ? Arrays.copyOf(body, body.length / 2) : body);
    }
    client.getOutputStream().write(
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
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
