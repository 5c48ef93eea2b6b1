package dev.tapedeck.proofs.lab;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.bench.client.dtls.ClientCertificate;
import dev.tapedeck.bench.client.dtls.DtlsClient;
import dev.tapedeck.bench.client.ice.IceConnection;
import dev.tapedeck.bench.client.ice.IceParameters;
import dev.tapedeck.bench.client.ice.IcePath;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.UdpPort;
import dev.tapedeck.bench.client.sdp.SdpFragment;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpAssociation;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpOutput;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.gateway.ConnectResponse;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A member of a room that neither sends nor receives media and keeps what it is told. ICE and DTLS are the clients' own,
 * the data channel is of the server's making: what that does with others is tried elsewhere.
 */
public final class ToldMember implements AutoCloseable {
  private static final Duration ICE_TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern FINGERPRINT = Pattern.compile("a=fingerprint:sha-256 (\\S+)");
  private static final int CHANNEL = 0;

  private final ClientLoop loop = new ClientLoop("member");
  private final ClientCertificate certificate = ClientCertificate.generate();
  private final List<ServerEvent> told = new CopyOnWriteArrayList<>();
  private final IceConnection ice;
  private volatile DtlsClient dtls;

  /** On the loop thread. */
  private final SctpAssociation association;

  private long timerNanos = Long.MAX_VALUE;

  private ToldMember(URI server, String token, String room, String peer) throws IOException, InterruptedException {
    SctpConfig usual = SctpConfig.defaults();
    association = new SctpAssociation(new SctpConfig(usual.localPort(), usual.peerPort(), true, true,
        usual.peerMaxMessageBytes(), usual.limits(), usual.times()), new SecureRandom());
    ice = new IceConnection(
        loop, List.of(InetAddress.getLoopbackAddress()), true, this::onDatagram, Impairment.NONE, Impairment.NONE);
    String answer = offer(server, token, room, peer);
    ice.start(SdpFragment.parse(answer));
    IcePath path = ice.awaitPath(ICE_TIMEOUT);
    Matcher fingerprint = FINGERPRINT.matcher(answer);
    if (!fingerprint.find()) {
      throw new IOException("no SHA-256 fingerprint in " + answer);
    }
    DtlsClient handshaking =
        new DtlsClient(certificate, List.of(SrtpProtection.values()), fingerprint.group(1), path::send);
    handshaking.onData(this::onPacket);
    dtls = handshaking;
    handshaking.handshake();
    loop.call(() -> {
      association.openNegotiated(loop.nowNanos(), CHANNEL, ChannelParameters.reliable("data"), output);
      association.connect(loop.nowNanos(), output);
      schedule();
      return null;
    });
  }

  /** Connects; the room is entered a moment later. */
  public static ToldMember join(URI server, String token, String room, String peer) throws IOException {
    try {
      return new ToldMember(server, token, room, peer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting", e);
    }
  }

  private String offer(URI server, String token, String room, String peer) throws IOException, InterruptedException {
    IceParameters local = ice.localParameters();
    String offer = """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=ice-ufrag:%s
        a=ice-pwd:%s
        a=fingerprint:sha-256 %s
        a=setup:actpass
        a=mid:0
        a=sctp-port:5000
        """.formatted(local.ufrag(), local.password(), certificate.fingerprint()).replace("\n", "\r\n");
    byte[] body = ConnectRequest.newBuilder().setSdp(offer)
        .setJoin(RoomJoin.newBuilder().setRoom(room).setPeer(peer)).build().toByteArray();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(server.resolve("/webrtc/connect"))
          .header("Authorization", "Bearer " + token).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
          HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException("connect was answered with " + answer.statusCode() + ": " + new String(answer.body()));
      }
      return ConnectResponse.parseFrom(answer.body()).getSdp();
    }
  }

  /** What it was told of its session, in order. */
  public List<ServerEvent.Session> session() {
    return told.stream().filter(ServerEvent::hasSession).map(ServerEvent::getSession).toList();
  }

  /** Whether the server has said goodbye by DTLS. */
  public boolean isClosedByServer() {
    return dtls.isClosedByServer();
  }

  private void onDatagram(UdpPort port, InetSocketAddress remote, byte[] data, int length, long nowNanos) {
    DtlsClient client = dtls;
    if (client != null) {
      client.handIn(data, length);
    }
  }

  private void onPacket(byte[] packet) {
    loop.execute(() -> {
      association.handlePacket(loop.nowNanos(), MemorySegment.ofArray(packet), 0, packet.length, output);
      schedule();
    });
  }

  private void schedule() {
    long next = association.nextTimeoutNanos();
    if (next < timerNanos) {
      timerNanos = next;
      loop.schedule(next, () -> fire(next));
    }
  }

  private void fire(long planned) {
    if (planned == timerNanos) {
      timerNanos = Long.MAX_VALUE;
      association.handleTimeout(loop.nowNanos(), output);
      schedule();
    }
  }

  private final SctpOutput output = new SctpOutput() {
    @Override
    public void send(byte[] packet) {
      dtls.sendData(packet);
    }

    @Override
    public void event(SctpEvent event) {
      if (event instanceof SctpEvent.Message(int channelId, boolean isBinary, byte[] data)) {
        try {
          told.add(ServerEvent.parseFrom(data));
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalStateException("the server sent what is no event", e);
        }
      }
    }
  };

  @Override
  public void close() {
    if (dtls != null) {
      dtls.close();
    }
    ice.close();
    loop.close();
  }
}
