package dev.tapedeck.media.live;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.packet.PacketKind;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.io.dtls.DtlsCertificate;
import dev.tapedeck.media.sim.SimAddress;
import dev.tapedeck.media.sim.SimIce;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.gateway.ConnectResponse;
import dev.tapedeck.protocol.wire.session.ClientEvent;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of the session protocol over real sockets, which behaves as the published SDK does: it connects by HTTP, joins,
 * sends a voice on {@link #VOICE} and receives one on {@link #EAR}, and restarts ICE with its whole state in the request.
 */
final class LiveMember implements AutoCloseable {
  static final String VOICE = "voice";
  static final String EAR = "audio_0";
  private static final int OPUS = 111;
  private static final int CHECK_MILLIS = 200;
  private static final int VOICE_MILLIS = 20;

  /** All that came on the data channel. */
  final Queue<ServerEvent> told = new ConcurrentLinkedQueue<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();
  private final DtlsCertificate certificate = DtlsCertificate.create(random, Instant.now());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().factory());
  private final Map<Integer, AtomicInteger> heard = new ConcurrentHashMap<>();
  private final String peer;
  private final SrtpProfile profile;
  private final int voice = random.nextInt();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile DatagramSocket socket;
  private volatile InetSocketAddress server;
  private volatile SimIce ice;
  private volatile LiveLink link;
  private volatile String ufrag;
  private volatile boolean isNominated;
  private Optional<RoomJoin> join = Optional.empty();
  private Optional<Receiver.Source> source = Optional.empty();
  private String connection = "";
  private int sequence;

  /** @param profile the only SRTP profile it offers */
  LiveMember(String peer, SrtpProfile profile) throws IOException {
    this.peer = peer;
    this.profile = profile;
    open();
    clock.scheduleAtFixedRate(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    clock.scheduleAtFixedRate(this::speak, VOICE_MILLIS, VOICE_MILLIS, TimeUnit.MILLISECONDS);
  }

  String peer() {
    return peer;
  }

  /** What names its voice in what others hear. */
  int voice() {
    return voice;
  }

  String connection() {
    return connection;
  }

  /** Whether the data channel is open and ICE has its path. */
  boolean isConnected() {
    return isNominated && link.isUp();
  }

  /** Packets heard of this voice. */
  int heard(int voice) {
    return heard.computeIfAbsent(voice, unknown -> new AtomicInteger()).get();
  }

  /** Connects, and joins at once where a room is given; returns the status of the answer. */
  int connect(URI base, String token, Optional<RoomJoin> room) throws IOException, InterruptedException {
    join = room;
    return offer(base.resolve("/webrtc/connect"), token);
  }

  /** Restarts ICE from another port of ours, at any server; returns the status of the answer. */
  int restart(URI base, String token) throws IOException, InterruptedException {
    open();
    return offer(base.resolve("/webrtc/" + connection + "/restart-ice"), token);
  }

  private int offer(URI address, String token) throws IOException, InterruptedException {
    ufrag = "u%07d".formatted(random.nextInt(10_000_000));
    ConnectRequest.Builder request = ConnectRequest.newBuilder().setVersion("live").setSdp(sdp()).setTracks(tracks());
    join.ifPresent(request::setJoin);
    HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + token).header("Content-Type", "application/grpc")
        .POST(HttpRequest.BodyPublishers.ofByteArray(request.build().toByteArray())).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() == 200) {
      adopt(ConnectResponse.parseFrom(response.body()));
    }
    return response.statusCode();
  }

  private void adopt(ConnectResponse answer) throws InterruptedException {
    IceCredentials credentials = new IceCredentials(
        line(answer.getSdp(), "a=ice-ufrag:(\\S+)"), line(answer.getSdp(), "a=ice-pwd:(\\S+)"));
    server = new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(line(answer.getSdp(), "127\\.0\\.0\\.1 (\\d+) typ host")));
    isNominated = false;
    ice = new SimIce(random, ufrag, credentials);
    if (!answer.getConnId().equals(connection)) {
      if (link != null) {
        link.stop();
      }
      link = new LiveLink(profile, certificate, this::send, this::tell);
      connection = answer.getConnId();
    }
  }

  private static String line(String sdp, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(sdp);
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in the answer:\n" + sdp);
    }
    return matcher.group(1);
  }

  /** What it would say of itself now, as the SDK puts it into each request. */
  private Tracks tracks() {
    Receiver.State.Builder ear = Receiver.State.newBuilder();
    source.ifPresent(ear::setSource);
    return Tracks.newBuilder()
        .addReceivers(Receiver.newBuilder().setKind(Kind.AUDIO).setName(EAR).setState(ear))
        .addSenders(Sender.newBuilder().setKind(Kind.AUDIO).setName(VOICE)
            .setState(Sender.State.newBuilder().setSource(Sender.Source.newBuilder().setId(VOICE))))
        .build();
  }

  private String sdp() {
    return """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1 2
        """ + media("application 9 UDP/DTLS/SCTP webrtc-datachannel", 0, "a=sctp-port:5000\n")
        + media("audio 9 UDP/TLS/RTP/SAVPF 111", 1, "a=sendonly\na=rtcp-mux\na=rtpmap:111 opus/48000/2\n"
            + "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n")
        + media("audio 9 UDP/TLS/RTP/SAVPF 111", 2, "a=recvonly\na=rtcp-mux\na=rtpmap:111 opus/48000/2\n");
  }

  private String media(String line, int mid, String attributes) {
    return "m=%s\nc=IN IP4 0.0.0.0\na=ice-ufrag:%s\na=ice-pwd:epvNXTsNY9qggjg6ccWJf1Bl\na=fingerprint:sha-256 %s\n"
        .formatted(line, ufrag, certificate.fingerprint().value())
        + "a=setup:actpass\na=mid:%d\n".formatted(mid) + attributes;
  }

  /** Asks; returns the number of the request. */
  int ask(Request.Builder request) {
    int number = requests.incrementAndGet();
    link.send(ClientEvent.newBuilder().setRequest(request.setReqId(number)).build().toByteArray());
    return number;
  }

  /** Goes to another room over the data channel. */
  int join(RoomJoin room, String token) {
    join = Optional.of(room);
    source = Optional.empty();
    return ask(Request.newBuilder().setSession(Request.Session.newBuilder()
        .setJoin(Request.Session.Join.newBuilder().setInfo(room).setToken(token))));
  }

  /** Wants to hear this peer's voice. */
  int listenTo(String other) {
    Receiver.Source wanted = Receiver.Source.newBuilder().setPeer(other).setTrack(VOICE).build();
    source = Optional.of(wanted);
    return ask(Request.newBuilder().setReceiver(Request.Receiver.newBuilder().setName(EAR)
        .setAttach(Request.Receiver.Attach.newBuilder().setSource(wanted)
            .setConfig(Receiver.Config.newBuilder().setPriority(1)))));
  }

  private void tell(byte[] message) {
    try {
      told.add(ServerEvent.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the server sent what is no event", e);
    }
  }

  /** Another port, and with it another path, from now on. */
  private void open() throws IOException {
    DatagramSocket before = socket;
    DatagramSocket opened = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket = opened;
    if (before != null) {
      before.close();
    }
    Thread.ofVirtual().start(() -> receive(opened));
  }

  private void receive(DatagramSocket from) {
    byte[] buffer = new byte[2048];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        from.receive(packet);
        take(Arrays.copyOf(buffer, packet.getLength()));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void take(byte[] datagram) {
    switch (PacketKind.of(MemorySegment.ofArray(datagram), 0, datagram.length)) {
      case STUN -> takeStun(datagram);
      case DTLS -> link.take(datagram);
      case RTP -> link.receiveRtp(datagram).ifPresent(packet ->
          heard.computeIfAbsent(ByteBuffer.wrap(packet).getInt(packet.length - 4), unknown -> new AtomicInteger())
              .incrementAndGet());
      case RTCP, UNKNOWN -> {}
    }
  }

  private void takeStun(byte[] response) {
    SimIce asked = ice;
    synchronized (asked) {
      isNominated |= asked.isSuccess(response, SimAddress.of(socket.getLocalAddress(), socket.getLocalPort()));
    }
  }

  private void check() {
    SimIce asked = ice;
    if (asked != null) {
      synchronized (asked) {
        send(asked.check(true));
      }
    }
  }

  private void speak() {
    LiveLink now = link;
    if (now != null && isNominated) {
      int headerBytes = 20;
      ByteBuffer packet = ByteBuffer.allocate(headerBytes + 24);
      packet.put((byte) 0x90).put((byte) OPUS).putShort((short) sequence).putInt(960 * sequence).putInt(voice);
      packet.putShort((short) 0xBEDE).putShort((short) 1).put((byte) 0x40).put((byte) '1').putShort((short) 0);
      packet.put(headerBytes, (byte) 0x78).putInt(headerBytes + 20, voice);
      now.sendRtp(packet.array(), headerBytes);
      sequence++;
    }
  }

  private void send(byte[] datagram) {
    try {
      socket.send(new DatagramPacket(datagram, datagram.length, server));
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Goes without a word. */
  @Override
  public void close() throws InterruptedException {
    clock.shutdownNow();
    socket.close();
    if (link != null) {
      link.stop();
    }
    http.close();
  }
}
