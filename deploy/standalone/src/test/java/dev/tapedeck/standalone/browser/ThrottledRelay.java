package dev.tapedeck.standalone.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * A narrow link between a browser and the server: every datagram passes it, those towards the server at a limited rate,
 * through a queue that drops what would wait too long. To the server each address of the browser appears as an address
 * of the relay. One thread owns everything but the rate.
 */
public final class ThrottledRelay implements AutoCloseable {
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final long MAX_QUEUE_NANOS = 200_000_000;
  private static final int IP_AND_UDP_BYTES = 28;
  private static final int MAX_DATAGRAM_BYTES = 2048;

  private final Selector selector;
  private final DatagramChannel front;
  private final InetSocketAddress server;
  private final Map<SocketAddress, DatagramChannel> backs = new HashMap<>();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
  private volatile long bitsPerSecond = UNLIMITED;
  private volatile long heldDatagrams;
  private long linkFreeNanos;

  private record Waiting(long departureNanos, DatagramChannel back, ByteBuffer datagram) {}

  /** @param candidate of the server on this machine: datagrams go there, and the relay binds to the same address */
  public ThrottledRelay(ConnectionDescription.Candidate candidate) {
    server = new InetSocketAddress(candidate.address(), candidate.port());
    try {
      selector = Selector.open();
      front = DatagramChannel.open().bind(new InetSocketAddress(server.getAddress(), 0));
      front.configureBlocking(false).register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("throttled-relay").daemon().start(this::run);
  }

  /** Where the browser should send, "address:port". */
  public String address() {
    return server.getAddress().getHostAddress() + ":" + front.socket().getLocalPort();
  }

  /** Limits what goes to the server from now on, IP and UDP headers included; {@link #UNLIMITED} lifts the limit. */
  public void limit(long bitsPerSecond) {
    this.bitsPerSecond = bitsPerSecond;
  }

  /** How many datagrams towards the server found the way occupied, and so waited or were dropped. */
  public long heldDatagrams() {
    return heldDatagrams;
  }

  @Override
  public void close() throws IOException {
    selector.close();
    front.close();
    for (DatagramChannel back : backs.values()) {
      back.close();
    }
  }

  private void run() {
    try {
      while (true) {
        selector.select(millisToNextDeparture());
        for (SelectionKey key : selector.selectedKeys()) {
          receive((DatagramChannel) key.channel(), (SocketAddress) key.attachment());
        }
        selector.selectedKeys().clear();
        depart();
      }
    } catch (ClosedSelectorException | ClosedChannelException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive(DatagramChannel channel, SocketAddress browser) throws IOException {
    while (true) {
      buffer.clear();
      SocketAddress from = channel.receive(buffer);
      if (from == null) {
        return;
      }
      buffer.flip();
      if (channel == front) {
        enqueue(back(from));
      } else {
        front.send(buffer, browser);
      }
    }
  }

  private DatagramChannel back(SocketAddress browser) throws IOException {
    DatagramChannel back = backs.get(browser);
    if (back == null) {
      back = DatagramChannel.open().bind(new InetSocketAddress(server.getAddress(), 0));
      back.configureBlocking(false).register(selector, SelectionKey.OP_READ, browser);
      backs.put(browser, back);
    }
    return back;
  }

  private void enqueue(DatagramChannel back) {
    long nowNanos = System.nanoTime();
    long departureNanos = Math.max(nowNanos, linkFreeNanos) + transmissionNanos(buffer.remaining());
    if (linkFreeNanos > nowNanos) {
      heldDatagrams++;
    }
    if (departureNanos - nowNanos > MAX_QUEUE_NANOS) {
      return;
    }
    linkFreeNanos = departureNanos;
    queue.add(new Waiting(departureNanos, back, ByteBuffer.allocate(buffer.remaining()).put(buffer).flip()));
  }

  private long transmissionNanos(int bytes) {
    long rate = bitsPerSecond;
    return rate == UNLIMITED ? 0 : (bytes + IP_AND_UDP_BYTES) * 8 * 1_000_000_000L / rate;
  }

  private void depart() throws IOException {
    long nowNanos = System.nanoTime();
    while (!queue.isEmpty() && queue.getFirst().departureNanos() <= nowNanos) {
      Waiting next = queue.removeFirst();
      next.back().send(next.datagram(), server);
    }
  }

  private long millisToNextDeparture() {
    if (queue.isEmpty()) {
      return 0; // until a datagram comes
    }
    return Math.max(1, (queue.getFirst().departureNanos() - System.nanoTime()) / 1_000_000);
  }
}
