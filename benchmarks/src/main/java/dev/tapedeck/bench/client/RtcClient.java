package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.dtls.ClientCertificate;
import dev.tapedeck.bench.client.dtls.DtlsClient;
import dev.tapedeck.bench.client.ice.IceConnection;
import dev.tapedeck.bench.client.ice.IceParameters;
import dev.tapedeck.bench.client.ice.IcePath;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.UdpPort;
import dev.tapedeck.bench.client.rtp.IncomingMedia;
import dev.tapedeck.bench.client.rtp.KeyFrameListener;
import dev.tapedeck.bench.client.rtp.OutgoingStream;
import dev.tapedeck.bench.client.rtp.PacketConsumer;
import dev.tapedeck.bench.client.rtp.PacketTap;
import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.RtpSession;
import dev.tapedeck.bench.client.rtp.SentLog;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.sdp.Answer;
import dev.tapedeck.bench.client.sdp.DtlsSetup;
import dev.tapedeck.bench.client.sdp.OfferReader;
import dev.tapedeck.bench.client.sdp.OfferWriter;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.sdp.SdpException;
import dev.tapedeck.bench.client.sdp.SdpFragment;
import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One peer connection of a client: offers, connects by ICE and DTLS, then carries RTP and RTCP over SRTP.
 *
 * <p>It shares no code with the media server. Signalling and connecting block and belong to the caller's (virtual)
 * thread; media runs on the {@link ClientLoop}.
 */
public final class RtcClient implements AutoCloseable {
  private static final Duration ICE_TIMEOUT = Duration.ofSeconds(20);

  private final ClientLoop loop;
  private final RtcSettings settings;
  private final ClientCertificate certificate = ClientCertificate.generate();
  private final RandomGenerator random;
  private final SentLog log;
  private final Map<String, RtpSender> senders = new LinkedHashMap<>();
  private List<OfferedMedia> offered = List.of();
  private Answer remoteOffer;
  private IceConnection ice;
  private IceConnection restartingIce;
  private volatile IcePath path;
  private volatile DtlsClient dtls;
  private volatile RtpSession session;
  private KeyFrameListener keyFrameListener = stream -> {};
  private PacketTap tap = PacketTap.NONE;
  private volatile SessionStats lastStats = SessionStats.EMPTY;

  public RtcClient(ClientLoop loop, RtcSettings settings) {
    this.loop = loop;
    this.settings = settings;
    this.log = settings.keepsSentLog() ? new SentLog() : SentLog.ofCounts();
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed());
  }

  /** Opens the sockets and writes the offer; its m-lines are sent or received as it says. */
  public String createOffer(List<OfferedMedia> media) throws IOException {
    return createOffer(media, DtlsSetup.ACTPASS);
  }

  /** @param setup {@link DtlsSetup#ACTIVE} for a server that would answer {@code actpass} by being the DTLS client */
  public String createOffer(List<OfferedMedia> media, DtlsSetup setup) throws IOException {
    ice = openIce(true);
    return describe(media, setup);
  }

  /**
   * Opens the sockets and accepts all that a server offers, to be received; {@link #connectAnswered} comes next.
   *
   * @return the answer, with us as the DTLS client
   * @throws IOException if the offer cannot be used
   */
  public String createAnswer(String offerSdp) throws IOException {
    remoteOffer = Answer.parse(offerSdp);
    ice = openIce(remoteOffer.isIceLite());
    return describe(OfferReader.receiveAll(remoteOffer), DtlsSetup.ACTIVE);
  }

  private String describe(List<OfferedMedia> media, DtlsSetup setup) {
    offered = List.copyOf(media);
    return OfferWriter.write(
        offered, ice.localParameters(), certificate.fingerprint(), settings.cname(), random.nextLong(1L << 62), setup);
  }

  /** @param controlling as the offerer, or towards an ICE-lite server (RFC 8445 §6.1.1) */
  private IceConnection openIce(boolean controlling) throws IOException {
    return new IceConnection(loop, settings.localAddresses(), controlling, this::onDatagram, settings.inbound(),
        settings.outbound());
  }

  /** Told of PLI and FIR on the loop thread; set before {@link #connect}. */
  public void onKeyFrameRequest(KeyFrameListener listener) {
    keyFrameListener = listener;
  }

  /** Shown every media packet on the loop thread, if every packet is decrypted; set before {@link #connect}. */
  public void onMedia(PacketTap mediaTap) {
    tap = mediaTap;
  }

  /**
   * Connects as the answer says, and blocks until media can flow.
   *
   * @param consumers who takes the packets of a receiving m-line, by its mid; called on the loop thread
   * @throws IOException if the answer cannot be used, no candidate pair works, or DTLS fails
   */
  public void connect(String answerSdp, Function<String, PacketConsumer> consumers) throws IOException {
    Answer answer = Answer.parse(answerSdp);
    if (answer.setup().equals("active")) {
      throw new SdpException("the server wants to be the DTLS client; this client is always that");
    }
    connectTo(answer, consumers);
  }

  /** Connects as the offer said that {@link #createAnswer} answered; otherwise as {@link #connect}. */
  public void connectAnswered(Function<String, PacketConsumer> consumers) throws IOException {
    connectTo(remoteOffer, consumers);
  }

  private void connectTo(Answer answer, Function<String, PacketConsumer> consumers) throws IOException {
    ice.start(answer.ice());
    path = ice.awaitPath(ICE_TIMEOUT);
    DtlsClient handshaking = new DtlsClient(certificate, settings.protections(), answer.fingerprint(), this::send);
    dtls = handshaking;
    SrtpMasterKeys keys = handshaking.handshake();
    startMedia(answer, keys, consumers);
  }

  private void startMedia(Answer answer, SrtpMasterKeys keys, Function<String, PacketConsumer> consumers)
      throws SdpException {
    RtpSession starting = new RtpSession(loop, settings.rtp(), new SrtpSession(keys, true), this::send, random, log,
        stream -> keyFrameListener.onKeyFrameRequest(stream), tap);
    for (OfferedMedia media : offered) {
      Answer.AnsweredMedia answered = answer.byMid(media.mid());
      if (answered.isRejected()) {
        continue;
      }
      if (media.sends()) {
        for (OutgoingStream stream : Negotiation.outgoing(media, answered, random)) {
          senders.put(senderKey(stream.mid(), stream.rid()), starting.addSender(stream));
        }
      } else {
        IncomingMedia incoming = Negotiation.incoming(media, answered);
        starting.addSlot(incoming, answered.ssrcs(), consumers.apply(media.mid()));
      }
    }
    loop.call(() -> {
      starting.start();
      session = starting;
      return null;
    });
  }

  private void send(byte[] data, int offset, int length) {
    path.send(data, offset, length);
  }

  /** Tells DTLS from RTP by the first byte (RFC 7983 §7); STUN was taken out before. */
  private void onDatagram(UdpPort port, InetSocketAddress remote, byte[] data, int length, long nowNanos) {
    int firstByte = data[0] & 0xff;
    if (firstByte >= 20 && firstByte <= 63) {
      DtlsClient client = dtls;
      if (client != null) {
        client.handIn(data, length);
      }
    } else if (firstByte >= 128 && firstByte <= 191) {
      RtpSession running = session;
      if (running != null) {
        running.onDatagram(data, length, nowNanos);
      }
    }
  }

  /** The sender of an m-line; for simulcast, of the layer.
   *  @throws IllegalArgumentException if the server refused it or it was never offered */
  public RtpSender sender(String mid, String rid) {
    RtpSender sender = senders.get(senderKey(mid, rid));
    if (sender == null) {
      throw new IllegalArgumentException("no stream " + senderKey(mid, rid) + "; there are " + senders.keySet());
    }
    return sender;
  }

  private static String senderKey(String mid, String rid) {
    return rid.isEmpty() ? mid : mid + "/" + rid;
  }

  /** Opens new sockets with new credentials (RFC 8445 §9). @return the fragment to send to the server */
  public String beginIceRestart() throws IOException {
    restartingIce = openIce(true);
    OfferedMedia first = offered.getFirst();
    return SdpFragment.write(restartingIce.localParameters(), first.kind(), first.mid());
  }

  /** Checks the new path and moves media to it; DTLS, SRTP and RTP go on as they are. */
  public void finishIceRestart(String answeredFragment) throws IOException {
    IceParameters remote = SdpFragment.parse(answeredFragment);
    restartingIce.start(remote);
    path = restartingIce.awaitPath(ICE_TIMEOUT);
    ice.close();
    ice = restartingIce;
    restartingIce = null;
  }

  /** ICE information of this connection as a trickle fragment. */
  public String trickleFragment() {
    OfferedMedia first = offered.getFirst();
    return SdpFragment.write(ice.localParameters(), first.kind(), first.mid());
  }

  public void requestKeyFrame(String mid) {
    RtpSession running = session;
    if (running != null) {
      loop.execute(() -> running.requestKeyFrame(mid));
    }
  }

  /** Sends sender reports now, off their interval; for the end of a stream. */
  public void sendLastReports() {
    RtpSession running = session;
    if (running != null) {
      loop.call(() -> {
        running.sendLastReports();
        return null;
      });
    }
  }

  public ClientLoop loop() {
    return loop;
  }

  public SentLog sentLog() {
    return log;
  }

  /** Local and remote address of the nominated pair. */
  public IcePath path() {
    return path;
  }

  public boolean isClosedByServer() {
    DtlsClient client = dtls;
    return client != null && client.isClosedByServer();
  }

  /** Counters now, or as they were at {@link #close}. */
  public SessionStats stats() {
    RtpSession running = session;
    if (running != null) {
      lastStats = loop.call(running::stats);
    }
    return lastStats;
  }

  @Override
  public void close() {
    RtpSession running = session;
    if (running != null) {
      lastStats = loop.call(() -> {
        SessionStats stats = running.stats();
        running.close();
        return stats;
      });
      session = null;
    }
    if (dtls != null) {
      dtls.close();
    }
    if (restartingIce != null) {
      restartingIce.close();
    }
    if (ice != null) {
      ice.close();
    }
  }
}
