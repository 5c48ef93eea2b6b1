package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both transports against Java's own sockets over loopback. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UdpTransportTest {
  private static final int SLOTS = 512;
  private static final int OUTPUT_BYTES = 1 << 20;

  private enum Kind {
    LINUX,
    NIO;

    UdpTransport open(PacketArena arena, List<InetAddress> locals, int port) throws IOException {
      return this == LINUX
          ? new LinuxUdpTransport(arena, OUTPUT_BYTES, locals, port)
          : new NioUdpTransport(arena, OUTPUT_BYTES, locals, port);
    }
  }

  /** A datagram as the worker would get it. */
  private record Received(int socket, long high, long low, int port, byte[] bytes) {
    Path path(InetSocketAddress remote) {
      return new Path(socket, high, low, port, remote);
    }
  }

  private final PacketArena arena = new PacketArena(Arena.ofShared(), SLOTS, OUTPUT_BYTES);
  private final List<AutoCloseable> opened = new ArrayList<>();

  static Stream<Arguments> kindsAndAddresses() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : kinds().toList()) {
      all.add(Arguments.of(kind, InetAddress.getByName("127.0.0.1")));
      InetAddress v6 = InetAddress.getByName("::1");
      if (NetworkInterface.getByInetAddress(v6) != null) {
        all.add(Arguments.of(kind, v6));
      }
    }
    return all.stream();
  }

  static Stream<Kind> kinds() {
    return Libc.isAvailable() ? Stream.of(Kind.values()) : Stream.of(Kind.NIO);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private UdpTransport open(Kind kind, int port, InetAddress... locals) throws IOException {
    UdpTransport transport = kind.open(arena, List.of(locals), port);
    opened.add(transport);
    return transport;
  }

  private DatagramSocket peer(InetAddress address) throws IOException {
    DatagramSocket peer = new DatagramSocket(0, address);
    peer.setReceiveBufferSize(4 << 20);
    peer.setSoTimeout(20_000);
    opened.add(peer);
    return peer;
  }

  private List<Received> receive(UdpTransport transport, int count) {
    List<Received> all = new ArrayList<>();
    while (all.size() < count) {
      int received = transport.receive(1, (nowNanos, arrivalNanos, socket, high, low, port, slot, length) -> {
        byte[] bytes = arena.memory().asSlice(PacketArena.offset(slot), length).toArray(ValueLayout.JAVA_BYTE);
        all.add(new Received(socket, high, low, port, bytes));
        arena.release(slot);
      });
      if (received == 0) {
        transport.await(50_000_000);
      }
    }
    return all;
  }

  private void queue(UdpTransport transport, Path path, byte[] bytes) {
    long at = transport.sink().reserve(path, bytes.length);
    MemorySegment.copy(bytes, 0, arena.memory(), ValueLayout.JAVA_BYTE, at, bytes.length);
    transport.sink().commit(bytes.length);
  }

  private static DatagramPacket take(DatagramSocket peer) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    peer.receive(packet);
    return packet;
  }

  private static String hex(DatagramPacket packet) {
    return HexFormat.of().formatHex(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("kindsAndAddresses")
  void takesEveryDatagramWithItsSender(Kind kind, InetAddress address) throws IOException {
    UdpTransport transport = open(kind, 0, address);
    DatagramSocket peer = peer(address);
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 10; round++) { // below what a receive buffer holds, above one batch
      List<byte[]> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(random(random, i == 0 ? 1 : i == 1 ? 1500 : 1 + random.nextInt(1500)));
        peer.send(new DatagramPacket(sent.get(i), sent.get(i).length, transport.localAddresses().getFirst()));
      }
      List<Received> received = receive(transport, 100);
      for (int i = 0; i < 100; i++) {
        assertThat(received.get(i).bytes()).isEqualTo(sent.get(i));
        assertThat(received.get(i).port()).isEqualTo(peer.getLocalPort());
        assertThat(received.get(i).low()).isEqualTo(address.getAddress().length == 16 ? 1 : 0xFFFF_7F00_0001L);
        assertThat(received.get(i).high()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndAddresses")
  void sendsEqualAndUnequalDatagramsInOrder(Kind kind, InetAddress address) throws IOException {
    UdpTransport transport = open(kind, 0, address);
    List<DatagramSocket> peers = List.of(peer(address), peer(address));
    List<Path> paths = new ArrayList<>();
    for (DatagramSocket peer : peers) {
      peer.send(new DatagramPacket(new byte[] {1}, 1, transport.localAddresses().getFirst()));
      paths.add(receive(transport, 1).getFirst().path((InetSocketAddress) peer.getLocalSocketAddress()));
    }
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 20; round++) {
      List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < 40; i++) {
        int to = random.nextInt(5) == 0 ? 1 : 0;
        byte[] bytes = random(random, random.nextInt(3) == 0 ? 1 + random.nextInt(1500) : 1200);
        queue(transport, paths.get(to), bytes);
        sent.get(to).add(HexFormat.of().formatHex(bytes));
      }
      transport.flush();
      for (int to = 0; to < 2; to++) {
        for (String expected : sent.get(to)) {
          assertThat(hex(take(peers.get(to)))).isEqualTo(expected);
        }
      }
    }
    assertThat(transport.counters().sendDrops).isZero();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void repliesLeaveByTheSocketTheirRequestCameTo(Kind kind) throws IOException {
    InetAddress first = InetAddress.getByName("127.0.0.1");
    InetAddress second = InetAddress.getByName("127.0.0.2");
    assumeThat(isUsable(second)).as("127.0.0.2 is a local address").isTrue();
    UdpTransport transport = open(kind, 0, first, second);
    assertThat(transport.localAddresses().get(0).getPort()).isEqualTo(transport.localAddresses().get(1).getPort());
    DatagramSocket peer = peer(first);
    for (int socket = 0; socket < 2; socket++) {
      peer.send(new DatagramPacket(new byte[] {7}, 1, transport.localAddresses().get(socket)));
      Received request = receive(transport, 1).getFirst();
      assertThat(request.socket()).isEqualTo(socket);
      queue(transport, request.path((InetSocketAddress) peer.getLocalSocketAddress()), new byte[] {8, 9});
      transport.flush();
      assertThat(take(peer).getSocketAddress()).isEqualTo(transport.localAddresses().get(socket));
    }
  }

  private static boolean isUsable(InetAddress address) {
    try (DatagramSocket probe = new DatagramSocket(0, address)) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aPortInUseIsNamedWithTheWayOut(Kind kind) throws IOException {
    InetAddress address = InetAddress.getByName("127.0.0.1");
    int port = peer(address).getLocalPort();
    assertThatThrownBy(() -> open(kind, port, address))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("UDP port " + port + " on 127.0.0.1 is in use; choose another media port");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aWakeUpEndsTheWaitAlsoIfItCameBefore(Kind kind) throws Exception {
    UdpTransport transport = open(kind, 0, InetAddress.getByName("127.0.0.1"));
    long hour = TimeUnit.HOURS.toNanos(1);
    transport.wakeUp();
    transport.await(hour);
    Thread other = Thread.ofVirtual().start(transport::wakeUp);
    transport.await(hour);
    other.join();
  }

  @Test
  void linuxRestsWhileDatagramsWaitButNotThroughAWakeUp() throws Exception {
    assumeThat(Libc.isAvailable()).isTrue();
    InetAddress address = InetAddress.getByName("127.0.0.1");
    UdpTransport transport = open(Kind.LINUX, 0, address);
    long hour = TimeUnit.HOURS.toNanos(1);
    assertThat(transport.canRest()).isTrue();
    peer(address).send(new DatagramPacket(new byte[] {5}, 1, transport.localAddresses().getFirst()));
    assertThat(transport.await(hour)).as("ended by a datagram").isTrue();
    long before = System.nanoTime();
    transport.rest(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    transport.wakeUp();
    transport.rest(hour);
    transport.wakeUp();
    assertThat(transport.await(hour)).as("a wake-up must be looked at, datagram or not").isFalse();
    assertThat(receive(transport, 1).getFirst().bytes()).containsExactly(5);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aFullArenaLosesDatagramsAndTellsOfEach(Kind kind) throws IOException {
    InetAddress address = InetAddress.getByName("127.0.0.1");
    UdpTransport transport = open(kind, 0, address);
    List<Integer> taken = new ArrayList<>();
    for (int slot = arena.allocate(); slot != PacketArena.NONE; slot = arena.allocate()) {
      taken.add(slot);
    }
    DatagramSocket peer = peer(address);
    for (int i = 0; i < 3; i++) {
      peer.send(new DatagramPacket(new byte[] {5}, 1, transport.localAddresses().getFirst()));
    }
    List<Integer> slots = new ArrayList<>();
    while (slots.size() < 3) {
      transport.await(TimeUnit.SECONDS.toNanos(1));
      transport.receive(1, (n, a, s, h, l, p, slot, length) -> slots.add(slot));
    }
    assertThat(slots).containsExactly(PacketArena.NONE, PacketArena.NONE, PacketArena.NONE);
    taken.forEach(arena::release);
    peer.send(new DatagramPacket(new byte[] {6}, 1, transport.localAddresses().getFirst()));
    assertThat(receive(transport, 1).getFirst().bytes()).containsExactly(6);
  }

  /** The loop may look late; congestion control must hear when packets came. */
  @Test
  void linuxTellsWhenADatagramCameNotWhenItWasTaken() throws IOException {
    assumeThat(Libc.isAvailable()).isTrue();
    InetAddress address = InetAddress.getByName("127.0.0.1");
    UdpTransport transport = open(Kind.LINUX, 0, address);
    peer(address).send(new DatagramPacket(new byte[] {5}, 1, transport.localAddresses().getFirst()));
    transport.await(TimeUnit.SECONDS.toNanos(20));
    long afterArrival = System.nanoTime();
    while (System.nanoTime() - afterArrival < TimeUnit.MILLISECONDS.toNanos(30)) {
      Thread.onSpinWait();
    }
    List<Long> arrivals = new ArrayList<>();
    transport.receive(System.nanoTime(), (n, arrivalNanos, s, h, l, p, slot, length) -> {
      arrivals.add(arrivalNanos);
      arena.release(slot);
    });
    assertThat(arrivals).hasSize(1);
    assertThat(arrivals.getFirst() - afterArrival).isNotPositive();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void closingGivesEverySlotBack(Kind kind) throws IOException {
    UdpTransport transport = kind.open(arena, List.of(InetAddress.getByName("127.0.0.1")), 0);
    transport.receive(1, (n, a, s, h, l, p, slot, length) -> arena.release(slot));
    transport.close();
    assertThat(arena.freeSlots()).isEqualTo(SLOTS);
  }

  @Test
  void linuxCountsWhatAFrameOfTwoSizesCosts() throws IOException {
    assumeThat(Libc.isAvailable()).isTrue();
    InetAddress address = InetAddress.getByName("127.0.0.1");
    UdpTransport transport = open(Kind.LINUX, 0, address);
    assumeThat(transport.sendMethod()).isEqualTo("gso");
    DatagramSocket peer = peer(address);
    peer.send(new DatagramPacket(new byte[] {1}, 1, transport.localAddresses().getFirst()));
    Path path = receive(transport, 1).getFirst().path((InetSocketAddress) peer.getLocalSocketAddress());
    TransportCounters counters = transport.counters();
    assertThat(counters.receiveCalls).isPositive();
    for (int length : new int[] {1150, 1150, 1150, 1151, 1151, 60, 200}) {
      queue(transport, path, new byte[length]);
    }
    transport.flush();
    assertThat(counters.sendCalls).isEqualTo(1);
    assertThat(counters.messagesSent).as("two runs, and one datagram alone").isEqualTo(3);
    assertThat(counters.datagramsSent).isEqualTo(7);
    assertThat(counters.datagramsGathered).isEqualTo(6);
    for (int length : new int[] {1150, 1150, 1150, 1151, 1151, 60, 200}) {
      assertThat(take(peer).getLength()).isEqualTo(length);
    }
  }

  @Test
  void linuxSendsRunsInOneMessageOverLoopback() throws IOException {
    assumeThat(Libc.isAvailable()).isTrue();
    assertThat(open(Kind.LINUX, 0, InetAddress.getByName("127.0.0.1")).sendMethod()).isEqualTo("gso");
    assertThat(open(Kind.NIO, 0, InetAddress.getByName("127.0.0.1")).sendMethod()).isEqualTo("nio");
  }
}
