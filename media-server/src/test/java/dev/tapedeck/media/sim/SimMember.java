package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.TwccRecorder;
import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpAssociation;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpOutput;
import dev.tapedeck.media.core.sctp.SendResult;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.IceCandidate;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.SctpDescription;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Meeting;
import dev.tapedeck.media.core.session.Negotiation;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.features.Config;
import dev.tapedeck.protocol.wire.session.ClientEvent;
import dev.tapedeck.protocol.wire.session.Request;
import dev.tapedeck.protocol.wire.session.Response;
import dev.tapedeck.protocol.wire.session.ServerEvent;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Receives audio and video as it asks for over the session protocol; keeps all it is told. Sends no media. */
final class SimMember extends SimClient {
  private static final int CHANNEL = 0;
  private static final long FEEDBACK_INTERVAL_NANOS = 100 * MILLIS;
  private static final long NACK_INTERVAL_NANOS = 20 * MILLIS;
  private static final String CERTIFICATE = "sha-256 " + "AB:".repeat(31) + "CD";

  /** An event with the moment it came. */
  record Told(long nowNanos, ServerEvent event) {}

  /** A packet of media with the moment it came and the m-line it came on. */
  record Heard(long nowNanos, String receiver, SimFrame frame) {}

  /** The sender it has; nothing is sent on it. */
  static final String SENDER = "voice";

  final List<Told> told = new ArrayList<>();
  final List<Heard> heard = new ArrayList<>();

  /** By name of the receiver of video: all that came, in detail; what is missing is asked for. */
  final Map<String, SimSlot> video = new LinkedHashMap<>();

  private final List<String> receivers;
  private final SctpAssociation association;
  private final Channel channel = new Channel();
  private final TwccRecorder arrivals = new TwccRecorder();
  private long timerNanos = Long.MAX_VALUE;
  private int requests;

  /** Has one sender and receivers {@code audio0}, {@code audio1} ... and, behind them, {@code video0} ... */
  SimMember(Sim sim, String room, String peer, int audio, int video, Config features) {
    super(sim, SessionSpec.Role.MEET, room, peer, List.of(), "");
    receivers = Stream.concat(Stream.iterate(0, i -> i < audio, i -> i + 1).map(i -> "audio" + i),
        Stream.iterate(0, i -> i < video, i -> i + 1).map(i -> "video" + i)).toList();
    Tracks.Builder tracks = Tracks.newBuilder();
    receivers.forEach(name -> tracks.addReceivers(Receiver.newBuilder().setName(name)
        .setKind(name.startsWith("audio") ? Kind.AUDIO : Kind.VIDEO)));
    tracks.addSenders(Sender.newBuilder().setName(SENDER).setKind(Kind.AUDIO));
    int[] ssrc = {5_000};
    Negotiation negotiation = new Negotiation(new AnswerParams(AnswerParams.Role.MEET, spec.local(),
        new Fingerprint("sha-256", CERTIFICATE.substring(8)),
        IceCandidate.hosts(List.of(new InetSocketAddress("192.0.2.9", 4000))), 1, 1, "member", () -> ++ssrc[0],
        Optional.of(new SctpDescription(SctpConfig.DEFAULT_PORT, 256 << 10))), offer());
    Join join = spec.requireJoin();
    spec = new SessionSpec(spec.id(), spec.connection(), spec.role(), spec.app(),
        Optional.of(new Join(join.session(), room, peer, false, false, Optional.empty(),
            new Presence(true, true, true, true, Optional.empty(), Optional.empty()))),
        spec.local(), spec.remoteUfrag(), spec.fingerprint(), true, negotiation.media(), spec.requestAddress(), "",
        Optional.of(SctpConfig.defaults()), Optional.of(new Meeting(negotiation, tracks.build(), features)));
    for (NegotiatedMedia media : spec.media()) {
      media.local().filter(local -> media.isVideo()).ifPresent(local -> this.video.put(receivers.get(media.index() - 1),
          new SimSlot(media.mid(), (int) local.ssrc(), (int) local.rtxSsrc().orElse(0), true)));
    }
    SctpConfig config = SctpConfig.defaults();
    association = new SctpAssociation(new SctpConfig(config.localPort(), config.peerPort(), true, true,
        config.peerMaxMessageBytes(), config.limits(), config.times()), network.random);
  }

  private String offer() {
    StringBuilder offer = new StringBuilder("""
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE\
        """.stripTrailing());
    for (int i = 0; i <= receivers.size() + 1; i++) {
      offer.append(' ').append(i);
    }
    offer.append('\n');
    media(offer, 0, "application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000\n");
    for (int i = 0; i < receivers.size(); i++) {
      media(offer, i + 1, receivers.get(i).startsWith("audio") ? "audio 9 UDP/TLS/RTP/SAVPF 111"
          : "video 9 UDP/TLS/RTP/SAVPF 96 97", receivers.get(i).startsWith("audio") ? """
          a=recvonly
          a=rtcp-mux
          a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
          a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
          a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
          a=rtpmap:111 opus/48000/2
          """ : """
          a=recvonly
          a=rtcp-mux
          a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
          a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
          a=rtpmap:96 VP8/90000
          a=rtcp-fb:96 nack
          a=rtcp-fb:96 nack pli
          a=rtpmap:97 rtx/90000
          a=fmtp:97 apt=96
          """);
    }
    media(offer, receivers.size() + 1, "audio 9 UDP/TLS/RTP/SAVPF 111", """
        a=sendonly
        a=rtcp-mux
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
        a=rtpmap:111 opus/48000/2
        """);
    return offer.toString().replace("\n", "\r\n");
  }

  private void media(StringBuilder offer, int mid, String line, String attributes) {
    offer.append("m=").append(line).append("\nc=IN IP4 0.0.0.0\na=ice-ufrag:").append(spec.remoteUfrag())
        .append("\na=ice-pwd:epvNXTsNY9qggjg6ccWJf1Bl\na=fingerprint:").append(CERTIFICATE)
        .append("\na=setup:actpass\na=mid:").append(mid).append('\n').append(attributes);
  }

  /** Tells the server from now on when its packets came (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
  void giveFeedback() {
    every(FEEDBACK_INTERVAL_NANOS, () -> {
      while (arrivals.hasFeedback()) {
        sendRtcp((memory, offset, capacity) -> arrivals.write(memory, offset, capacity, 1, 1));
      }
    });
  }

  /** Tells the server its own estimate (draft-alvestrand-rmcat-remb-03 §2.2). */
  void tellBandwidth(int bitsPerSecond) {
    int exponent = Math.max(0, 32 - Integer.numberOfLeadingZeros(bitsPerSecond) - 18);
    sendRtcp((memory, offset, capacity) -> {
      Bytes.put32(memory, offset, 0x8FCE0005);
      Bytes.put32(memory, offset + 4, 1);
      Bytes.put32(memory, offset + 8, 0);
      Bytes.put32(memory, offset + 12, 0x52454D42);
      Bytes.put32(memory, offset + 16, 1 << 24 | exponent << 18 | bitsPerSecond >> exponent);
      Bytes.put32(memory, offset + 20, 1);
      return 24;
    });
  }

  /** Sends a request; returns its number. */
  int ask(Request.Builder request) {
    int number = ++requests;
    byte[] message = ClientEvent.newBuilder().setSeq(number).setRequest(request.setReqId(number)).build().toByteArray();
    association.send(network.nowNanos(), CHANNEL, true, message, channel);
    settle();
    return number;
  }

  /** Sends a message as it is; returns whether there was room for it. */
  boolean say(byte[] message) {
    SendResult result = association.send(network.nowNanos(), CHANNEL, true, message, channel);
    settle();
    return result == SendResult.QUEUED;
  }

  /** The answer to a request; there is one. */
  Response answer(int request) {
    return told.stream().map(Told::event).filter(ServerEvent::hasResponse).map(ServerEvent::getResponse)
        .filter(response -> response.getReqId() == request).findFirst().orElseThrow();
  }

  /** What was told of one receiver. */
  Stream<Told> toldOf(String receiver) {
    return told.stream().filter(one -> one.event.hasReceiver() && one.event.getReceiver().getName().equals(receiver));
  }

  @Override
  void connected() {
    association.openNegotiated(network.nowNanos(), CHANNEL, ChannelParameters.reliable("data"), channel);
    settle();
    every(NACK_INTERVAL_NANOS, () -> video.values().forEach(this::askForMissing));
  }

  @Override
  void data(byte[] data) {
    association.handlePacket(network.nowNanos(), MemorySegment.ofArray(data), 0, data.length, channel);
    settle();
  }

  private void settle() {
    long next = association.nextTimeoutNanos();
    if (next < timerNanos && next != SctpAssociation.NEVER) {
      timerNanos = next;
      network.at(Math.max(next, network.nowNanos()), () -> fire(next));
    }
  }

  private void fire(long planned) {
    if (planned == timerNanos) {
      timerNanos = Long.MAX_VALUE;
      association.handleTimeout(network.nowNanos(), channel);
      settle();
    }
  }

  private final class Channel implements SctpOutput {
    @Override
    public void send(byte[] packet) {
      sendData(packet);
    }

    @Override
    public void event(SctpEvent event) {
      if (event instanceof SctpEvent.Message(int channelId, boolean isBinary, byte[] data) && channelId == CHANNEL) {
        try {
          told.add(new Told(network.nowNanos(), ServerEvent.parseFrom(data)));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError("the server sent what is no event", e);
        }
      }
    }
  }

  @Override
  void rtp(MemorySegment memory, long offset, int length) {
    int headerBytes = RtpHeader.headerBytes(memory, offset, length);
    int payloadBytes = RtpHeader.payloadBytes(memory, offset, length, headerBytes);
    int ssrc = RtpHeader.ssrc(memory, offset);
    long element = RtpExtensions.find(memory, offset, headerBytes, 3);
    if (element != RtpExtensions.NONE) {
      arrivals.onPacket(network.nowNanos(), Bytes.u16(memory, RtpExtensions.offset(element)));
    }
    for (SimSlot slot : video.values()) {
      if (slot.ssrc == ssrc || slot.rtxSsrc == ssrc) {
        slot.read(memory, offset, headerBytes, payloadBytes, slot.ssrc != ssrc, network.nowNanos());
      }
    }
    for (NegotiatedMedia media : spec.media()) {
      if (payloadBytes > 0 && media.local().filter(local -> (int) local.ssrc() == ssrc).isPresent()) {
        heard.add(new Heard(network.nowNanos(), receivers.get(media.index() - 1),
            SimFrame.read(memory, offset + headerBytes, payloadBytes)));
      }
    }
  }

  @Override
  RtcpVisitor rtcp() {
    return new RtcpVisitor() {};
  }
}
