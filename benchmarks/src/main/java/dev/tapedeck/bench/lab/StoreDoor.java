package dev.tapedeck.bench.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a store and lets requests through, or refuses them. Signatures bind the host, so clients must know the
 * store by the door's address. Every change cuts the connections there are, in the midst of whatever they carry.
 */
public final class StoreDoor implements AutoCloseable {
  /** What happens to requests. */
  public enum Mood {
    OPEN,
    FORBIDDEN,
    FAILING,
    /** The connection is reset after the request was read. */
    RESETTING,
    /** The request is read and never answered, until the mood changes. */
    HANGING
  }

  private static final int MAX_HEAD_BYTES = 64 << 10;
  /** CR LF CR LF. */
  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)");

  private final ServerSocket front;
  private final int storePort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<Mood, AtomicLong> requests = new EnumMap<>(Mood.class);
  private volatile Mood mood = Mood.OPEN;

  StoreDoor(int storePort) {
    this.storePort = storePort;
    for (Mood each : Mood.values()) {
      requests.put(each, new AtomicLong());
    }
    try {
      front = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("store-door").start(this::accept);
  }

  int port() {
    return front.getLocalPort();
  }

  public void set(Mood newMood) {
    mood = newMood;
    sockets.forEach(StoreDoor::cut);
  }

  /** Requests met in this mood; for {@link Mood#OPEN}, connections. */
  public long requests(Mood which) {
    return requests.get(which).get();
  }

  @Override
  public void close() throws IOException {
    front.close();
    sockets.forEach(StoreDoor::cut);
  }

  private void accept() {
    while (!front.isClosed()) {
      try {
        Socket client = front.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    sockets.add(client);
    Mood now = mood;
    try (client) {
      switch (now) {
        case OPEN -> passThrough(client);
        case FORBIDDEN -> refuse(client, now, "403 Forbidden", "AccessDenied");
        case FAILING -> refuse(client, now, "500 Internal Server Error", "InternalError");
        case RESETTING -> {
          readRequest(client);
          requests.get(now).incrementAndGet();
          cut(client);
        }
        case HANGING -> {
          readRequest(client);
          requests.get(now).incrementAndGet();
          client.getInputStream().read(); // nothing more comes until the connection is cut
        }
      }
    } catch (IOException e) {
      // The other side went away, or the mood changed.
    } finally {
      sockets.remove(client);
    }
  }

  private void passThrough(Socket client) throws IOException {
    requests.get(Mood.OPEN).incrementAndGet();
    try (Socket store = new Socket(InetAddress.getLoopbackAddress(), storePort)) {
      sockets.add(store);
      Thread answers = Thread.ofVirtual().start(() -> pump(store, client));
      pump(client, store);
      answers.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until the end; then the other side is told that nothing more comes. */
  private void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      cut(from);
      cut(to);
    } finally {
      sockets.remove(from);
    }
  }

  private void refuse(Socket client, Mood now, String status, String code) throws IOException {
    readRequest(client);
    requests.get(now).incrementAndGet();
    String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>refused by the test</Message></Error>";
    client.getOutputStream().write(("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nConnection: close\r\n"
        + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
    client.shutdownOutput();
  }

  /** Reads one whole request, so that the client has sent it before it hears of its fate. */
  private static void readRequest(Socket client) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int lastFour = 0; lastFour != END_OF_HEAD;) {
      int next = in.read();
      if (next < 0 || head.size() > MAX_HEAD_BYTES) {
        throw new IOException("no request came");
      }
      head.write(next);
      lastFour = lastFour << 8 | next;
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    if (text.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
      return; // it asks before it sends; the refusal is the answer
    }
    Matcher length = CONTENT_LENGTH.matcher(text);
    if (length.find()) {
      in.skipNBytes(Long.parseLong(length.group(1)));
    }
  }

  /** Ends a connection with RST. */
  private static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
