package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sessions that send on some m-lines and receive on others, and offer again. */
class RenegotiationTest {
  private static final String AUDIO_UP_VIDEO_DOWN = directed("sendonly", "recvonly");

  private final Negotiated first = negotiate(AUDIO_UP_VIDEO_DOWN);

  @Test
  void sendsWhereTheClientReceivesAndReceivesWhereItSends() {
    assertThat(first.media()).extracting(NegotiatedMedia::direction)
        .containsExactly(Direction.RECVONLY, Direction.SENDONLY);
    assertThat(first.media().getFirst().local()).isEmpty();
    assertThat(first.media().getLast().local()).isPresent();
    assertThat(first.media().getLast().remote()).isEmpty();
  }

  @Test
  void keepsTheSourcesOfLinesThatGoOn() {
    String grown = withAnotherVideo(AUDIO_UP_VIDEO_DOWN);
    Negotiated second = renegotiate(grown);

    assertThat(second.media()).hasSize(3);
    assertThat(second.media().get(1).local()).isEqualTo(first.media().get(1).local());
    assertThat(second.media().get(2).local()).isPresent().isNotEqualTo(first.media().get(1).local());
  }

  @Test
  void givesALineThatIsReusedForAnotherMidANewSource() {
    String reused = AUDIO_UP_VIDEO_DOWN.replace("a=mid:1", "a=mid:7").replace("BUNDLE 0 1", "BUNDLE 0 7");
    assertThat(renegotiate(reused).media().get(1).local()).isPresent().isNotEqualTo(first.media().get(1).local());
  }

  @Test
  void refusesLinesThatVanishAndAnotherCertificate() {
    String audioOnly = AUDIO_UP_VIDEO_DOWN.substring(0, AUDIO_UP_VIDEO_DOWN.indexOf("m=video"))
        .replace("BUNDLE 0 1", "BUNDLE 0");
    assertThatThrownBy(() -> renegotiate(audioOnly)).isInstanceOf(SdpException.class).hasMessageContaining("m-lines");

    String foreign = AUDIO_UP_VIDEO_DOWN.replaceAll("(a=fingerprint:sha-256 )..", "$1" + "00");
    assertThatThrownBy(() -> renegotiate(foreign)).isInstanceOf(SdpException.class).hasMessageContaining("certificate");
  }

  private Negotiated renegotiate(String offer) {
    AnswerParams usual = Samples.params(Role.MEET);
    AtomicLong ssrcs = new AtomicLong(2_000);
    AnswerParams params = new AnswerParams(usual.role(), usual.ice(), usual.fingerprint(), usual.candidates(),
        usual.sessionId(), 2, usual.cname(), ssrcs::incrementAndGet, usual.sctp());
    return OfferAnswer.renegotiate(SdpParser.parse(offer), params, first);
  }

  private static Negotiated negotiate(String offer) {
    return OfferAnswer.negotiate(SdpParser.parse(offer), Samples.params(Role.MEET));
  }

  /** Two lines of Chromium, each with one direction. */
  private static String directed(String audio, String video) {
    String offer = Samples.text("chromium-156-offer-sendrecv");
    int line = offer.indexOf("m=video");
    return offer.substring(0, line).replace("a=sendrecv", "a=" + audio)
        + withoutSources(offer.substring(line)).replace("a=sendrecv", "a=" + video);
  }

  private static String withAnotherVideo(String offer) {
    String video = offer.substring(offer.indexOf("m=video"));
    return offer.replace("BUNDLE 0 1", "BUNDLE 0 1 2") + video.replace("a=mid:1", "a=mid:2");
  }

  private static String withoutSources(String line) {
    List<String> kept = line.lines().filter(l -> !l.startsWith("a=ssrc") && !l.startsWith("a=msid")).toList();
    return String.join("\r\n", kept) + "\r\n";
  }
}
