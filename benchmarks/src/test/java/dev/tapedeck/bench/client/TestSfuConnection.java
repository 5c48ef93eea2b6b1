package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.dtls.ClientCertificate;
import dev.tapedeck.bench.client.dtls.TestDtlsEndpoint;
import dev.tapedeck.bench.client.ice.IceConnection;
import dev.tapedeck.bench.client.ice.IceParameters;
import dev.tapedeck.bench.client.ice.IcePath;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.UdpPort;
import dev.tapedeck.bench.client.rtp.IncomingMedia;
import dev.tapedeck.bench.client.rtp.OutgoingStream;
import dev.tapedeck.bench.client.rtp.PacketConsumer;
import dev.tapedeck.bench.client.rtp.PacketTap;
import dev.tapedeck.bench.client.rtp.RtpPacket;
import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.RtpSession;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.rtp.SentLog;
import dev.tapedeck.bench.client.sdp.Answer;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.HeaderExtension;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferWriter;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.sdp.SdpFragment;
import dev.tapedeck.bench.client.srtp.SrtpSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** One client's connection to the {@link TestSfu}. */
final class TestSfuConnection implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ClientLoop loop;
  private final ClientCertificate certificate;
  private final Answer offer;
  private final TestSfu sfu;
  private final List<OfferedMedia> mirrored;
  private final TestDtlsEndpoint dtls;
  private IceConnection ice;

  /** Before restarts: what the peer had sent to them still comes. */
  private final List<IceConnection> former = new CopyOnWriteArrayList<>();

  private volatile IcePath path;
  private volatile RtpSession session;
  final List<RtpSender> senders = new CopyOnWriteArrayList<>();

  TestSfuConnection(ClientLoop loop, ClientCertificate certificate, List<InetAddress> addresses, Answer offer,
      TestSfu sfu) {
    this.loop = loop;
    this.certificate = certificate;
    this.offer = offer;
    this.sfu = sfu;
    this.mirrored = offer.media().stream().map(TestSfuConnection::mirror).toList();
    this.dtls = new TestDtlsEndpoint(certificate, (data, start, length) -> path.send(data, start, length));
    this.ice = sfu.openIce(this);
  }

  private static OfferedMedia mirror(Answer.AnsweredMedia media) {
    int payloadType = media.payloadTypes().getFirst();
    boolean audio = media.kind().equals("audio");
    Codec codec = audio ? Codec.opus(payloadType) : Codec.vp8(payloadType, media.payloadTypes().get(1));
    Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
    for (HeaderExtension extension : HeaderExtension.values()) {
      if (media.extensionId(extension) > 0) {
        ids.put(extension, media.extensionId(extension));
      }
    }
    return new OfferedMedia(media.mid(), audio ? MediaKind.AUDIO : MediaKind.VIDEO,
        media.direction().equals("recvonly"), List.of(codec), ids, List.of(), 0, 0);
  }

  String answer() {
    return OfferWriter.write(mirrored, ice.localParameters(), certificate.fingerprint(), "sfu", 1)
        .replace("a=setup:actpass", "a=setup:passive");
  }

  void start() {
    ice.start(offer.ice());
    Thread.ofVirtual().start(() -> {
      try {
        path = ice.awaitPath(TIMEOUT);
        startMedia(new SrtpSession(dtls.accept(), false));
      } catch (IOException e) {
        // The client's own failure is what a test looks at.
      }
    });
  }

  private void startMedia(SrtpSession srtp) {
    RtpSession starting = new RtpSession(loop, new RtpSessionSettings("sfu", true, true, 1), srtp,
        (data, start, length) -> path.send(data, start, length), new Random(9), new SentLog(), stream -> {},
        PacketTap.NONE);
    loop.call(() -> {
      mirrored.forEach(media -> startStream(starting, media));
      starting.start();
      session = starting;
      return null;
    });
  }

  private void startStream(RtpSession starting, OfferedMedia media) {
    Codec codec = media.codecs().getFirst();
    if (media.sends()) {
      int ssrc = 50_000 + media.mid().hashCode();
      senders.add(starting.addSender(
          new OutgoingStream(media.mid(), "", ssrc, ssrc + 10_000, codec, media.extensionIds())));
      return;
    }
    int midId = media.extensionIds().getOrDefault(HeaderExtension.MID, -1);
    int transportCcId = media.extensionIds().getOrDefault(HeaderExtension.TRANSPORT_CC, -1);
    Map<Integer, Integer> retransmissions =
        codec.hasRtx() ? Map.of(codec.rtxPayloadType(), codec.payloadType()) : Map.of();
    starting.addSlot(new IncomingMedia(media.mid(), Map.of(codec.payloadType(), codec.clockRate()), retransmissions,
        midId, transportCcId, codec.hasRtx()), List.of(), new Forwarder(codec.name()));
  }

  void onDatagram(UdpPort port, InetSocketAddress remote, byte[] data, int length, long nowNanos) {
    int first = data[0] & 0xff;
    if (first >= 20 && first <= 63) {
      dtls.handIn(data, length);
    } else if (session != null) {
      session.onDatagram(data, length, nowNanos);
    }
  }

  /** Answers an ICE restart; media moves when the new path is nominated, and the peer's may do so later (RFC 8445 §9). */
  String restart(IceParameters remote) {
    IceConnection fresh = sfu.openIce(this);
    fresh.start(remote);
    Thread.ofVirtual().start(() -> {
      try {
        path = fresh.awaitPath(TIMEOUT);
        former.add(ice);
        ice = fresh;
      } catch (IOException e) {
        fresh.close();
      }
    });
    return SdpFragment.write(fresh.localParameters(), mirrored.getFirst().kind(), mirrored.getFirst().mid());
  }

  @Override
  public void close() {
    RtpSession running = session;
    if (running != null) {
      loop.call(() -> {
        running.close();
        return null;
      });
    }
    ice.close();
    former.forEach(IceConnection::close);
  }

  /** Sends every packet on to the m-lines of the same codec of all connections. */
  private final class Forwarder implements PacketConsumer {
    private final String codecName;

    Forwarder(String codecName) {
      this.codecName = codecName;
    }

    @Override
    public void onPacket(RtpPacket packet) {
      byte[] payload = Arrays.copyOfRange(
          packet.data(), packet.payloadOffset(), packet.payloadOffset() + packet.payloadBytes());
      for (TestSfuConnection other : sfu.connections.values()) {
        other.senders.stream().filter(sender -> sender.stream().codec().name().equals(codecName))
            .forEach(sender -> sender.send(
                payload, payload.length, packet.timestamp(), packet.hasMarker(), 0, loop.nowNanos()));
      }
    }

    @Override
    public void onLoss(long packets) {}
  }
}
