package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Captured offers and the fixed inputs with which tests answer them. */
final class Samples {
  static final List<String> PUBLISHERS = List.of(
      "chromium-156-offer-datachannel", "chromium-156-offer-sendrecv", "chromium-156-offer-simulcast",
      "firefox-153-offer-datachannel", "firefox-153-offer-sendrecv", "firefox-153-offer-simulcast");

  static final List<String> WATCHERS = List.of(
      "chromium-offer-recvonly", "chromium-156-offer-sendrecv", "firefox-153-offer-recvonly",
      "firefox-153-offer-sendrecv");

  /** A whole offer as short as one gets. */
  static final String SMALL_OFFER = """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      t=0 0
      m=video 9 UDP/TLS/RTP/SAVPF 96 97
      c=IN IP4 0.0.0.0
      a=ice-ufrag:abcd
      a=ice-pwd:0123456789012345678901
      a=fingerprint:sha-256 %s
      a=setup:actpass
      a=mid:0
      a=sendrecv
      a=rtcp-mux
      a=rtpmap:96 VP8/90000
      a=rtpmap:97 rtx/90000
      a=fmtp:97 apt=96
      """.formatted("AB:".repeat(31) + "AB");

  private Samples() {}

  static List<String> all() {
    return Stream.concat(PUBLISHERS.stream(), WATCHERS.stream()).distinct().toList();
  }

  static String text(String name) {
    try (InputStream in = Samples.class.getResourceAsStream("/sdp/" + name + ".sdp")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SessionDescription offer(String name) {
    return SdpParser.parse(text(name));
  }

  static AnswerParams params(AnswerParams.Role role) {
    return params(role, Optional.empty());
  }

  static AnswerParams params(AnswerParams.Role role, Optional<SctpDescription> sctp) {
    AtomicLong ssrcs = new AtomicLong(1_000);
    return new AnswerParams(role, new IceCredentials("UfragOf1", "PasswordOf22Characters"),
        new Fingerprint("sha-256", "01:23:45:67:89:AB:CD:EF:".repeat(4).substring(0, 95)),
        IceCandidate.hosts(List.of(
            new InetSocketAddress("192.0.2.10", 40_000), new InetSocketAddress("2001:db8::10", 40_000))),
        4_294_967_296L, 1, "tapedeck", ssrcs::incrementAndGet, sctp);
  }

  static Negotiated publish(String offer) {
    return OfferAnswer.negotiate(SdpParser.parse(offer), params(AnswerParams.Role.PUBLISH));
  }

  static Negotiated watch(String offer) {
    return OfferAnswer.negotiate(SdpParser.parse(offer), params(AnswerParams.Role.WATCH));
  }
}
