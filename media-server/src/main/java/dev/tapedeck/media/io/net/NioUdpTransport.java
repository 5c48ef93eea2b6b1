package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** UDP by Java's own channels, where {@link LinuxUdpTransport} cannot be used: one call and some garbage per datagram. */
final class NioUdpTransport implements UdpTransport {
  private static final int RUNS = 128;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;
  private static final long V4_MAPPED = 0xFFFF_0000_0000L;

  private final PacketArena packets;
  private final ByteBuffer memory;
  private final EgressBatch egress;
  private final Selector selector;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final List<InetSocketAddress> addresses = new ArrayList<>();

  /** Those of the whole group, by number. */
  private List<DatagramChannel> sendChannels = channels;
  private int firstSocket;
  private final TransportCounters counters = new TransportCounters();

  /** @param port 0 for any that is free on all addresses */
  NioUdpTransport(PacketArena packets, int outputBytes, List<InetAddress> locals, int port) throws IOException {
    this.packets = packets;
    memory = packets.memory().asByteBuffer();
    egress = new EgressBatch(packets, outputBytes, RUNS, this::send);
    selector = Selector.open();
    int wanted = port;
    for (InetAddress local : locals) {
      wanted = bind(local, wanted).getPort();
    }
  }

  private InetSocketAddress bind(InetAddress local, int port) throws IOException {
    DatagramChannel channel = DatagramChannel.open(
        local.getAddress().length == 16 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    channels.add(channel);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
    try {
      channel.bind(new InetSocketAddress(local, port));
    } catch (BindException e) {
      throw new IOException(
          "UDP port " + port + " on " + local.getHostAddress() + " is in use; choose another media port", e);
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
    InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
    addresses.add(new InetSocketAddress(local, bound.getPort()));
    return bound;
  }

  @Override
  public void join(List<UdpTransport> all) {
    firstSocket = all.indexOf(this) * channels.size();
    sendChannels = all.stream().flatMap(one -> ((NioUdpTransport) one).channels.stream()).toList();
  }

  @Override
  public List<InetSocketAddress> localAddresses() {
    return List.copyOf(addresses);
  }

  @Override
  public DatagramSink sink() {
    return egress;
  }

  @Override
  public void beforeSend(Runnable action) {
    egress.beforeSend(action);
  }

  @Override
  public int receive(long nowNanos, Receiver receiver) {
    int total = 0;
    for (int socket = 0; socket < channels.size(); socket++) {
      int received = 0;
      while (received < RECEIVE_BATCH && receiveOne(nowNanos, socket, receiver)) {
        received++;
      }
      total += received;
    }
    return total;
  }

  private boolean receiveOne(long nowNanos, int socket, Receiver receiver) {
    int slot = packets.allocate();
    int offset = slot == PacketArena.NONE ? 0 : (int) PacketArena.offset(slot);
    memory.limit(slot == PacketArena.NONE ? 0 : offset + PacketArena.SLOT_BYTES).position(offset);
    InetSocketAddress remote;
    counters.receiveCalls++;
    try {
      remote = (InetSocketAddress) channels.get(socket).receive(memory); // bytes without room are lost
    } catch (IOException e) {
      remote = null; // an ICMP error of an earlier datagram; the socket goes on
    }
    if (remote == null) {
      if (slot != PacketArena.NONE) {
        packets.release(slot);
      }
      return false;
    }
    byte[] raw = remote.getAddress().getAddress();
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.BIG_ENDIAN);
    long high = raw.length == 16 ? bytes.getLong(0) : 0;
    long low = raw.length == 16 ? bytes.getLong(8) : V4_MAPPED | Integer.toUnsignedLong(bytes.getInt(0));
    receiver.receive(
        nowNanos, nowNanos, firstSocket + socket, high, low, remote.getPort(), slot, memory.position() - offset);
    return true;
  }

  @Override
  public void flush() {
    egress.flush();
  }

  private void send(EgressBatch batch) {
    for (int i = 0; i < batch.runs(); i++) {
      for (int done = 0; done < batch.bytes[i]; done += batch.segmentBytes[i]) {
        int length = Math.min(batch.segmentBytes[i], batch.bytes[i] - done);
        int offset = (int) batch.offsets[i] + done;
        memory.limit(offset + length).position(offset);
        counters.sendCalls++;
        if (send(batch.paths[i])) {
          counters.sent(1);
        } else {
          counters.sendDrops++;
        }
      }
    }
  }

  private boolean send(Path path) {
    try {
      return sendChannels.get(path.socket()).send(memory, path.remote()) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean await(long nanos) {
    counters.waitCalls++;
    try {
      // Rounded up: a select of 0 waits for ever.
      int ready = selector.select(Math.max(1, (nanos + 999_999) / 1_000_000));
      selector.selectedKeys().clear();
      return ready > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void rest(long nanos) {
    throw new UnsupportedOperationException("a selector cannot look away from its channels");
  }

  @Override
  public boolean canRest() {
    return false;
  }

  @Override
  public void wakeUp() {
    selector.wakeup();
  }

  @Override
  public String sendMethod() {
    return "nio";
  }

  @Override
  public TransportCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    try {
      for (DatagramChannel channel : channels) {
        channel.close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
