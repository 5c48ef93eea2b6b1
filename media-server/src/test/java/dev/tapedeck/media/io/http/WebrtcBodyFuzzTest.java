package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.IceCandidate;
import dev.tapedeck.media.core.sdp.SctpDescription;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Negotiation;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.fuzz.Mutator;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.gateway.ConnectRequest;
import dev.tapedeck.protocol.wire.gateway.RemoteIceRequest;
import dev.tapedeck.protocol.wire.session.RoomJoin;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bodies of {@code /webrtc/*} mutated: a problem that the client is told, or a request that is judged as any other. */
class WebrtcBodyFuzzTest {
  private static final Apps APPS =
      Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));
  private static final String OFFER = """
      v=0\r
      o=- 1 1 IN IP4 127.0.0.1\r
      s=-\r
      t=0 0\r
      a=group:BUNDLE 0 1\r
      m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r
      c=IN IP4 0.0.0.0\r
      a=ice-ufrag:abcd\r
      a=ice-pwd:0123456789012345678901\r
      a=fingerprint:sha-256 %1$s\r
      a=setup:actpass\r
      a=mid:0\r
      a=sctp-port:5000\r
      m=video 9 UDP/TLS/RTP/SAVPF 96\r
      c=IN IP4 0.0.0.0\r
      a=ice-ufrag:abcd\r
      a=ice-pwd:0123456789012345678901\r
      a=fingerprint:sha-256 %1$s\r
      a=setup:actpass\r
      a=mid:1\r
      a=recvonly\r
      a=rtcp-mux\r
      a=rtpmap:96 VP8/90000\r
      """.formatted("AB:".repeat(31) + "AB");

  private static final List<IceCandidate> CANDIDATES =
      IceCandidate.hosts(List.of(new InetSocketAddress("192.0.2.9", 4000)));

  private final SplittableRandom random = new SplittableRandom(1);
  private final TokenJoinGate gate =
      new TokenJoinGate(new TokenVerifier(APPS, List.of(), System::currentTimeMillis), random,
          new Admission(Limits.defaults(), List.of(), false, System::nanoTime, System::currentTimeMillis), event -> {});
  private int answered;

  @Test
  void connectRequests() throws TokenException {
    TokenClaims claims = new TokenVerifier(APPS, List.of(), System::currentTimeMillis).verify(
        new TokenIssuer(APPS, System::currentTimeMillis)
            .media(TokenKind.WEBRTC, "acme", TokenIssuer.Grant.of("room", "peer", false), 600), TokenKind.WEBRTC);
    Mutator.run("webrtc-connect", 21, connects(), 100_000, body -> {
      ConnectRequest request;
      try {
        request = WebrtcHandler.read(body, ConnectRequest.parser());
      } catch (WebrtcHandler.SdkProblem problem) {
        assertThat(problem.status()).isEqualTo(400);
        return;
      }
      if (gate.decide(claims, request.getJoin(), 1L << 33) instanceof JoinGate.Decision.Granted granted) {
        assertThat(granted.join().room()).isEqualTo("room");
        assertThat(granted.join().presence().visibility().isHidden()).as("without the claim").isFalse();
      }
      answer(request.getSdp());
    });
    assertThat(answered).as("offers that were answered all the same").isGreaterThan(1_000);
  }

  @Test
  void candidates() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      corpus.add(RemoteIceRequest.newBuilder().addCandidates("candidate:" + i + " 1 udp 1 192.0.2.1 5000 typ host")
          .addCandidates("x".repeat(i)).build().toByteArray());
    }
    Mutator.run("webrtc-candidates", 22, corpus, 100_000, body -> {
      try {
        assertThat(WebrtcHandler.read(body, RemoteIceRequest.parser()).getCandidatesCount()).isNotNegative();
      } catch (WebrtcHandler.SdkProblem problem) {
        assertThat(problem.status()).isEqualTo(400);
      }
    });
  }

  private void answer(String offer) {
    try {
      new Negotiation(new AnswerParams(AnswerParams.Role.MEET, IceCredentials.create(random),
          new Fingerprint("sha-256", "AB:".repeat(31) + "AB"), CANDIDATES, 1, 1, "name", () -> random.nextInt(),
          Optional.of(new SctpDescription(SctpConfig.DEFAULT_PORT, 256 << 10))), offer);
      answered++;
    } catch (SdpException refused) {
      assertThat(refused).hasMessageNotContaining("Exception");
    }
  }

  private List<byte[]> connects() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ConnectRequest.Builder request = ConnectRequest.newBuilder().setVersion("fuzz@" + i).setSdp(OFFER);
      RoomJoin.Builder join = request.getJoinBuilder().setRoom("room").setPeer("peer").setMetadata("m".repeat(i));
      join.getRoleBuilder().setVersion(i % 3).setHidden(i % 4 == 0).setRecorder(i % 5 == 0);
      request.getTracksBuilder()
          .addReceivers(Receiver.newBuilder().setName("video_" + i).setKind(Kind.VIDEO))
          .addSenders(Sender.newBuilder().setName("audio_" + i).setKind(Kind.AUDIO));
      corpus.add(request.build().toByteArray());
    }
    return corpus;
  }
}
