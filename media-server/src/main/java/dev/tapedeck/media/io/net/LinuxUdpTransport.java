package dev.tapedeck.media.io.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * UDP by {@code recvmmsg} straight into the worker's slots and {@code sendmmsg} with UDP GSO straight from its output
 * region: no copy and no allocation between the kernel and the core. Why not a library: docs/adr/0002.
 *
 * <pre>
 * struct mmsghdr (64 bytes): msg_name 8, msg_namelen 4 (+4), msg_iov 8, msg_iovlen 8,
 *                            msg_control 8, msg_controllen 8, msg_flags 4 (+4), msg_len 4 (+4)
 * </pre>
 */
final class LinuxUdpTransport implements UdpTransport {
  private static final int SEND_BATCH = 128;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  private static final int MESSAGE_BYTES = Libc.MMSGHDR_BYTES;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int IOV = 16;
  private static final int IOV_LENGTH = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int MESSAGE_LENGTH = 56;
  private static final int IOVEC_BYTES = 16;

  /** cmsghdr of 16 bytes and a 16-bit segment size, padded to 8. */
  private static final int CONTROL_BYTES = 24;

  /** cmsghdr: length 8, level 4, type 4; then the kernel's receive time as seconds 8, nanoseconds 8. */
  private static final int RECEIVE_CONTROL_BYTES = 32;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_SECONDS = 16;
  private static final int CONTROL_NANOS = 24;

  private static final int POLLFD_BYTES = 8;

  private final Arena arena = Arena.ofShared();
  private final Libc libc = new Libc(arena);

  /** {@link #wakeUp} comes from other threads and needs an errno of its own. */
  private final Libc wakeLibc = new Libc(arena);

  private final PacketArena packets;
  private final EgressBatch egress;
  private final int[] sockets;
  private final List<InetSocketAddress> addresses = new ArrayList<>();

  // Of the whole group, by number.
  private int[] sendSockets;
  private List<InetSocketAddress> sendAddresses = addresses;
  private boolean[] segmentationRefused;

  private int firstSocket;
  private final int[] receiveSlots = new int[RECEIVE_BATCH];
  private final MemorySegment receiveMessages = arena.allocate(RECEIVE_BATCH * MESSAGE_BYTES, 8);
  private final MemorySegment receiveVectors = arena.allocate(RECEIVE_BATCH * IOVEC_BYTES, 8);
  private final MemorySegment receiveNames = arena.allocate(RECEIVE_BATCH * SocketAddressCodec.BYTES, 8);
  private final MemorySegment receiveControls = arena.allocate(RECEIVE_BATCH * RECEIVE_CONTROL_BYTES, 8);

  /** Messages without room: what they receive is lost, but counted. */
  private final MemorySegment lostMessages = arena.allocate(RECEIVE_BATCH * MESSAGE_BYTES, 8);
  private final ArrivalClock arrivals = new ArrivalClock();
  private final MemorySegment sendMessages = arena.allocate(SEND_BATCH * MESSAGE_BYTES, 8);
  private final MemorySegment sendVectors = arena.allocate(SEND_BATCH * IOVEC_BYTES, 8);
  private final MemorySegment sendNames = arena.allocate(SEND_BATCH * SocketAddressCodec.BYTES, 8);
  private final MemorySegment sendControls = arena.allocate(SEND_BATCH * CONTROL_BYTES, 8);
  private final MemorySegment pollDescriptors;

  /** The last of them: the wake-up alone. */
  private final MemorySegment pollWakeUp;
  private final MemorySegment pollTimeout = arena.allocate(16, 8);
  private final MemorySegment wakeValue = arena.allocateFrom(JAVA_LONG, 1L);
  private final MemorySegment wakeDrain = arena.allocate(JAVA_LONG);
  private final int wakeDescriptor;
  private final TransportCounters counters = new TransportCounters();

  /** @param port 0 for any that is free on all addresses */
  LinuxUdpTransport(PacketArena packets, int outputBytes, List<InetAddress> locals, int port) throws IOException {
    this.packets = packets;
    egress = new EgressBatch(packets, outputBytes, SEND_BATCH, this::send);
    sockets = new int[locals.size()];
    Arrays.fill(sockets, -1);
    sendSockets = sockets;
    segmentationRefused = new boolean[locals.size()];
    bindAll(locals, port);
    wakeDescriptor = libc.eventfd();
    pollDescriptors = arena.allocate((long) POLLFD_BYTES * (sockets.length + 1), 8);
    pollWakeUp = pollDescriptors.asSlice((long) POLLFD_BYTES * sockets.length, POLLFD_BYTES);
    preparePoll();
    prepareReceive();
    prepareSend();
  }

  @Override
  public void join(List<UdpTransport> all) {
    List<LinuxUdpTransport> members = all.stream().map(LinuxUdpTransport.class::cast).toList();
    firstSocket = all.indexOf(this) * sockets.length;
    sendSockets = members.stream().flatMapToInt(one -> Arrays.stream(one.sockets)).toArray();
    sendAddresses = members.stream().flatMap(one -> one.addresses.stream()).toList();
    boolean[] refused = new boolean[sendSockets.length];
    for (int i = 0; i < refused.length; i++) {
      refused[i] = segmentationRefused[i % sockets.length]; // the same addresses, so the same interfaces
    }
    segmentationRefused = refused;
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
    for (int socket = 0; socket < sockets.length; socket++) {
      total += receive(nowNanos, socket, receiver);
    }
    return total;
  }

  private int receive(long nowNanos, int socket, Receiver receiver) {
    int ready = fillSlots();
    if (ready == 0) {
      return lose(nowNanos, socket, receiver);
    }
    counters.receiveCalls++;
    int received = libc.recvmmsg(sockets[socket], receiveMessages, ready);
    if (received > 0) {
      arrivals.pair(System.nanoTime(), libc.wallNanos());
    }
    for (int i = 0; i < received; i++) {
      int slot = receiveSlots[i];
      receiveSlots[i] = PacketArena.NONE;
      long message = (long) i * MESSAGE_BYTES;
      long arrivalNanos = arrivalNanos(i, receiveMessages.get(JAVA_LONG, message + CONTROL_LENGTH));
      int length = receiveMessages.get(JAVA_INT, message + MESSAGE_LENGTH);
      receiveMessages.set(JAVA_INT, message + NAME_LENGTH, SocketAddressCodec.BYTES);
      receiveMessages.set(JAVA_LONG, message + CONTROL_LENGTH, RECEIVE_CONTROL_BYTES);
      long name = (long) i * SocketAddressCodec.BYTES;
      receiver.receive(nowNanos, arrivalNanos, firstSocket + socket, SocketAddressCodec.high(receiveNames, name),
          SocketAddressCodec.low(receiveNames, name), SocketAddressCodec.port(receiveNames, name), slot, length);
    }
    return Math.max(received, 0);
  }

  /** When the kernel took this datagram from the interface, or now if it does not tell. */
  private long arrivalNanos(int index, long controlBytes) {
    long control = (long) index * RECEIVE_CONTROL_BYTES;
    if (controlBytes < RECEIVE_CONTROL_BYTES
        || receiveControls.get(JAVA_INT, control + CONTROL_TYPE) != Libc.SO_TIMESTAMPNS) {
      return arrivals.pairedNanos();
    }
    return arrivals.monotonicNanos(receiveControls.get(JAVA_LONG, control + CONTROL_SECONDS) * 1_000_000_000L
        + receiveControls.get(JAVA_LONG, control + CONTROL_NANOS));
  }

  private int lose(long nowNanos, int socket, Receiver receiver) {
    counters.receiveCalls++;
    int lost = Math.max(0, libc.recvmmsg(sockets[socket], lostMessages, RECEIVE_BATCH));
    for (int i = 0; i < lost; i++) {
      receiver.receive(nowNanos, nowNanos, firstSocket + socket, 0, 0, 0, PacketArena.NONE, 0);
    }
    return lost;
  }

  /** Gives every message of the batch a slot to write to; returns how many have one. */
  private int fillSlots() {
    for (int i = 0; i < RECEIVE_BATCH; i++) {
      if (receiveSlots[i] == PacketArena.NONE) {
        int slot = packets.allocate();
        if (slot == PacketArena.NONE) {
          return i;
        }
        receiveSlots[i] = slot;
        receiveVectors.set(JAVA_LONG, (long) i * IOVEC_BYTES, packets.memory().address() + PacketArena.offset(slot));
      }
    }
    return RECEIVE_BATCH;
  }

  @Override
  public void flush() {
    egress.flush();
  }

  /** Sends the batch's runs in order, consecutive runs of one socket with one call. */
  private void send(EgressBatch batch) {
    int from = 0;
    while (from < batch.runs()) {
      int socket = batch.paths[from].socket();
      int to = from + 1;
      while (to < batch.runs() && batch.paths[to].socket() == socket) {
        to++;
      }
      if (segmentationRefused[socket]) {
        sendOneByOne(batch, socket, from, to);
      } else {
        sendRuns(batch, socket, from, to);
      }
      from = to;
    }
  }

  private void sendRuns(EgressBatch batch, int socket, int from, int to) {
    for (int i = from; i < to; i++) {
      prepare(i - from, batch.paths[i], batch.offsets[i], batch.bytes[i],
          batch.segments[i] > 1 ? batch.segmentBytes[i] : 0);
    }
    int next = from;
    while (next < to) {
      counters.sendCalls++;
      int result = libc.sendmmsg(sendSockets[socket], sendMessages, next - from, to - next);
      if (result > 0) {
        countSent(batch, next, next + result);
        next += result;
      } else if (result == -Libc.EIO && batch.segments[next] > 1) {
        segmentationRefused[socket] = true; // the interface cannot cut messages; remembered for the socket
        sendOneByOne(batch, socket, next, to);
        return;
      } else if (result == -Libc.EINVAL && batch.segments[next] > 1) {
        sendOneByOne(batch, socket, next, next + 1); // longer than this receiver's path takes whole
        sendRuns(batch, socket, next + 1, to);
        return;
      } else if (result != -Libc.EINTR) {
        counters.sendDrops += batch.segments[next];
        next++;
      }
    }
  }

  private void countSent(EgressBatch batch, int from, int to) {
    for (int i = from; i < to; i++) {
      counters.sent(batch.segments[i]);
    }
  }

  private void sendOneByOne(EgressBatch batch, int socket, int from, int to) {
    int prepared = 0;
    for (int i = from; i < to; i++) {
      for (int done = 0; done < batch.bytes[i]; done += batch.segmentBytes[i]) {
        if (prepared == SEND_BATCH) {
          sendPlain(socket, prepared);
          prepared = 0;
        }
        int length = Math.min(batch.segmentBytes[i], batch.bytes[i] - done);
        prepare(prepared++, batch.paths[i], batch.offsets[i] + done, length, 0);
      }
    }
    sendPlain(socket, prepared);
  }

  private void sendPlain(int socket, int count) {
    int sent = 0;
    while (sent < count) {
      counters.sendCalls++;
      int result = libc.sendmmsg(sendSockets[socket], sendMessages, sent, count - sent);
      if (result > 0) {
        counters.messagesSent += result;
        counters.datagramsSent += result;
        sent += result;
      } else if (result != -Libc.EINTR) {
        counters.sendDrops++;
        sent++;
      }
    }
  }

  private void prepare(int index, Path path, long offset, int bytes, int segmentBytes) {
    long message = (long) index * MESSAGE_BYTES;
    long name = (long) index * SocketAddressCodec.BYTES;
    int nameBytes = SocketAddressCodec.write(sendNames, name, path, sendAddresses.get(path.socket()));
    sendMessages.set(JAVA_INT, message + NAME_LENGTH, nameBytes);
    long vector = (long) index * IOVEC_BYTES;
    sendVectors.set(JAVA_LONG, vector, packets.memory().address() + offset);
    sendVectors.set(JAVA_LONG, vector + 8, bytes);
    sendMessages.set(JAVA_LONG, message + CONTROL_LENGTH, segmentBytes == 0 ? 0 : CONTROL_BYTES);
    sendControls.set(JAVA_SHORT, (long) index * CONTROL_BYTES + 16, (short) segmentBytes);
  }

  @Override
  public boolean await(long nanos) {
    return poll(pollDescriptors, sockets.length + 1L, nanos) > 0 && !takeWakeUp();
  }

  @Override
  public void rest(long nanos) {
    if (poll(pollWakeUp, 1, nanos) > 0) {
      takeWakeUp();
    }
  }

  @Override
  public boolean canRest() {
    return true;
  }

  private int poll(MemorySegment descriptors, long count, long nanos) {
    pollTimeout.set(JAVA_LONG, 0, nanos / 1_000_000_000L);
    pollTimeout.set(JAVA_LONG, 8, nanos % 1_000_000_000L);
    counters.waitCalls++;
    return libc.ppoll(descriptors, count, pollTimeout);
  }

  private boolean takeWakeUp() {
    return libc.read(wakeDescriptor, wakeDrain, 8) > 0;
  }

  @Override
  public void wakeUp() {
    synchronized (wakeLibc) {
      wakeLibc.write(wakeDescriptor, wakeValue, 8);
    }
  }

  @Override
  public String sendMethod() {
    for (boolean refused : segmentationRefused) {
      if (!refused) {
        return "gso";
      }
    }
    return "sendmmsg";
  }

  @Override
  public TransportCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    for (int socket : sockets) {
      if (socket >= 0) {
        libc.close(socket);
      }
    }
    synchronized (wakeLibc) {
      libc.close(wakeDescriptor);
    }
    for (int slot : receiveSlots) {
      if (slot != PacketArena.NONE) {
        packets.release(slot);
      }
    }
  }

  private void bindAll(List<InetAddress> locals, int port) throws IOException {
    int wanted = port;
    for (int i = 0; i < sockets.length; i++) {
      InetSocketAddress bound = bind(i, locals.get(i), wanted);
      addresses.add(bound);
      wanted = bound.getPort(); // the others take the port the first one got
    }
  }

  private InetSocketAddress bind(int index, InetAddress local, int port) throws IOException {
    boolean v6 = local.getAddress().length == 16;
    int fd = check(libc.socket(v6 ? Libc.AF_INET6 : Libc.AF_INET), "socket for " + local);
    sockets[index] = fd;
    MemorySegment value = arena.allocateFrom(JAVA_INT, 1);
    if (v6) {
      check(libc.setsockopt(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, value, 4), "IPV6_V6ONLY");
    }
    value.set(JAVA_INT, 0, SOCKET_BUFFER_BYTES);
    check(libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, value, 4), "SO_RCVBUF");
    check(libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, value, 4), "SO_SNDBUF");
    value.set(JAVA_INT, 0, 1);
    libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, value, 4); // without it arrival is when we look
    value.set(JAVA_INT, 0, 0); // changes nothing, and fails where the kernel does not know it
    segmentationRefused[index] = libc.setsockopt(fd, Libc.SOL_UDP, Libc.UDP_SEGMENT, value, 4) < 0;
    MemorySegment name = arena.allocate(SocketAddressCodec.BYTES, 8);
    int nameBytes = SocketAddressCodec.write(name, 0, new InetSocketAddress(local, port));
    int result = libc.bind(fd, name, nameBytes);
    if (result == -Libc.EADDRINUSE) {
      throw new BindException("UDP port " + port + " on " + local.getHostAddress() + " is in use; choose another media port");
    }
    check(result, "bind to " + local.getHostAddress() + " port " + port);
    value.set(JAVA_INT, 0, SocketAddressCodec.BYTES);
    check(libc.getsockname(fd, name, value), "getsockname");
    return new InetSocketAddress(local, SocketAddressCodec.port(name, 0));
  }

  private void preparePoll() {
    for (int i = 0; i <= sockets.length; i++) {
      pollDescriptors.set(JAVA_INT, (long) i * POLLFD_BYTES, i < sockets.length ? sockets[i] : wakeDescriptor);
      pollDescriptors.set(JAVA_SHORT, (long) i * POLLFD_BYTES + 4, Libc.POLLIN);
    }
  }

  private void prepareReceive() {
    Arrays.fill(receiveSlots, PacketArena.NONE);
    for (int i = 0; i < RECEIVE_BATCH; i++) {
      long message = (long) i * MESSAGE_BYTES;
      receiveMessages.set(
          ADDRESS, message + NAME, receiveNames.asSlice((long) i * SocketAddressCodec.BYTES, SocketAddressCodec.BYTES));
      receiveMessages.set(JAVA_INT, message + NAME_LENGTH, SocketAddressCodec.BYTES);
      receiveMessages.set(ADDRESS, message + IOV, receiveVectors.asSlice((long) i * IOVEC_BYTES, IOVEC_BYTES));
      receiveMessages.set(JAVA_LONG, message + IOV_LENGTH, 1);
      receiveVectors.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, PacketArena.SLOT_BYTES);
      receiveMessages.set(ADDRESS, message + CONTROL,
          receiveControls.asSlice((long) i * RECEIVE_CONTROL_BYTES, RECEIVE_CONTROL_BYTES));
      receiveMessages.set(JAVA_LONG, message + CONTROL_LENGTH, RECEIVE_CONTROL_BYTES);
    }
  }

  private void prepareSend() {
    for (int i = 0; i < SEND_BATCH; i++) {
      long message = (long) i * MESSAGE_BYTES;
      sendMessages.set(
          ADDRESS, message + NAME, sendNames.asSlice((long) i * SocketAddressCodec.BYTES, SocketAddressCodec.BYTES));
      sendMessages.set(ADDRESS, message + IOV, sendVectors.asSlice((long) i * IOVEC_BYTES, IOVEC_BYTES));
      sendMessages.set(JAVA_LONG, message + IOV_LENGTH, 1);
      MemorySegment control = sendControls.asSlice((long) i * CONTROL_BYTES, CONTROL_BYTES);
      control.set(JAVA_LONG, 0, 16 + 2); // cmsg_len: header and the segment size
      control.set(JAVA_INT, 8, Libc.SOL_UDP);
      control.set(JAVA_INT, 12, Libc.UDP_SEGMENT);
      sendMessages.set(ADDRESS, message + CONTROL, control);
    }
  }

  private static int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed with errno " + -result);
    }
    return result;
  }
}
