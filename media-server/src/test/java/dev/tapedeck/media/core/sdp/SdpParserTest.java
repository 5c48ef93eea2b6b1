package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class SdpParserTest {
  private static final List<String> SAMPLES = Samples.all();

  @Test
  void readsChromiumSimulcastOffer() {
    SessionDescription offer = Samples.offer("chromium-156-offer-simulcast");

    assertThat(offer.origin().sessionId()).isEqualTo("6272614191615292602");
    assertThat(offer.bundle()).containsExactly("0", "1");
    MediaDescription video = offer.media().get(1);
    assertThat(video.mid()).contains("1");
    assertThat(video.direction()).isEqualTo(Direction.SENDONLY);
    assertThat(video.rtcpMux()).isTrue();
    assertThat(video.extMapAllowMixed()).as("said once for the session").isTrue();
    assertThat(video.transport().iceUfrag()).contains("hRsX");
    assertThat(video.transport().iceOptions()).containsExactly("trickle");
    assertThat(video.transport().setup()).contains(Setup.ACTPASS);
    assertThat(video.msid()).contains(
        new Msid("d05fa5f7-8102-43ea-9458-a9b7e5857d52", "a0aca351-d9c8-4f20-8ead-abfbf6fee0a7"));
    assertThat(video.codecs().getFirst()).isEqualTo(new PayloadFormat(96, "VP8", 90_000, 1, "",
        List.of("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"), OptionalInt.of(97)));
    assertThat(video.codecs()).extracting(PayloadFormat::name).doesNotContain("rtx").endsWith("red", "ulpfec");
    assertThat(video.rids()).extracting(Rid::toString).containsExactly("q send", "h send", "f send");
    assertThat(video.simulcast().orElseThrow()).hasToString("send q;h;f");
    assertThat(offer.media().getFirst().candidates()).hasSize(2).first().satisfies(candidate -> {
      assertThat(candidate.address()).isEqualTo("4505ba4b-a72a-4c8d-a911-3f294ceb6d37.local");
      assertThat(candidate.port()).isEqualTo(48_336);
      assertThat(candidate.extensions()).isEqualTo("generation 0 network-cost 999");
    });
  }

  @Test
  void readsFirefoxSimulcastOffer() {
    MediaDescription video = Samples.offer("firefox-153-offer-simulcast").media().get(1);

    assertThat(video.port()).isZero();
    assertThat(video.bundleOnly()).isTrue();
    assertThat(video.transport().fingerprints()).as("said once for the session").containsExactly(new Fingerprint(
        "sha-256",
        "DE:48:2F:53:1F:6B:49:24:27:83:90:2B:84:4B:4E:72:28:23:14:C6:51:0B:99:53:6E:D8:1A:14:A6:C3:D9:F5"));
    assertThat(video.ssrcs()).hasSize(6).extracting(SsrcDescription::cname)
        .containsOnly("{818e0e7b-c1ad-4111-9869-a3487062087d}");
    assertThat(video.ssrcGroups()).hasSize(3).first().isEqualTo(
        new SsrcGroup("FID", List.of(2_720_806_167L, 1_247_822_352L)));
    assertThat(video.extMaps()).contains(
        new ExtMap(9, Optional.of(Direction.SENDONLY), "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", ""));
    assertThat(video.codecs().getFirst().rtxPayloadType()).as("rtpmap after fmtp").hasValue(124);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void writesWhatItReads(String sample) {
    SessionDescription read = Samples.offer(sample);
    assertThat(SdpParser.parse(SdpWriter.write(read))).isEqualTo(read);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void takesBareLineFeeds(String sample) {
    assertThat(SdpParser.parse(Samples.text(sample).replace("\r\n", "\n"))).isEqualTo(Samples.offer(sample));
  }

  @Test
  void keepsWhatItDoesNotKnow() {
    MediaDescription video = SdpParser.parse(with("a=x-vendor:1 2 3", "b=AS:500", "k=clear:x")).media().getFirst();
    assertThat(video.others()).containsExactly(new Attribute("x-vendor", "1 2 3"));
  }

  @Test
  void givesFeedbackForEveryFormatToEach() {
    MediaDescription video = SdpParser.parse(with("a=rtcp-fb:* nack pli")).media().getFirst();
    assertThat(video.codecs().getFirst().feedback()).containsExactly("nack pli");
  }

  @Test
  void takesFormatParametersWithNothingToSay() {
    assertThat(SdpParser.parse(with("a=fmtp:96 ")).media().getFirst().codecs().getFirst().fmtp()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      a=mid:1                                     | the m-line has a mid already
      a=mid:a b                                   | mid must be 1 to 256 token characters
      a=rtpmap:128 VP8/90000                      | payload type must be a number from 0 to 127
      a=rtpmap:-1 VP8/90000                       | payload type must be a number from 0 to 127
      a=rtpmap:96 VP9/90000                       | payload type 96 is mapped twice
      a=rtpmap:98 VP8                             | rtpmap is: payload-type name/clock-rate
      a=rtpmap:98 VP8/0                           | clock rate must be a number from 1
      a=rtpmap:98 VP8/99999999999999999999        | clock rate must be a number from 1
      a=rtcp-fb:96                                | rtcp-fb needs a payload type and a value
      a=extmap:0 urn:x                            | extmap id must be a number from 1
      a=extmap:256 urn:x                          | extmap id must be 1 to 255 or 4096 to 4351
      a=extmap:4352 urn:x                         | extmap id must be a number from 1 to 4351
      a=extmap:1                                  | extmap needs an id and a URI
      a=extmap:1/both urn:x                       | extmap direction must be
      a=ice-ufrag:abc                             | ice-ufrag must be 4 to 256
      a=ice-pwd:short                             | ice-pwd must be 22 to 256
      a=fingerprint:sha-256 zz                    | fingerprint must be pairs of hex digits
      a=setup:maybe                               | setup must be
      a=rid:q both                                | rid direction must be send or recv
      a=rid:q! send                               | rid must be 1 to 255
      a=simulcast:q;h                             | simulcast needs send or recv
      a=simulcast:send q send h                   | simulcast direction must be
      a=simulcast:send q;;h                       | rid must be 1 to 255
      a=ssrc:4294967296 cname:x                   | SSRC must be a number from 0 to 4294967295
      a=ssrc-group:FID 1 x                        | SSRC must be a number
      a=candidate:1 1 udp 1 192.0.2.1 65536 typ host | candidate port must be a number from 0 to 65535
      a=candidate:nonsense                        | candidate is: foundation
      m=video -9 UDP/TLS/RTP/SAVPF 96             | port must be a number from 0 to 65535
      m=video 65536 UDP/TLS/RTP/SAVPF 96          | port must be a number from 0 to 65535
      m=video 9 UDP/TLS/RTP/SAVPF                 | m= is: media port protocol format
      m=video 9 UDP/TLS/RTP/SAVPF 96 96           | payload type 96 stands twice
      m=video 9 UDP/TLS/RTP/SAVPF VP8             | payload type must be a number
      no equals sign                              | a line is one small letter
      """)
  void refusesLineAndSaysWhy(String line, String problem) {
    assertRefused(with(line))
        .isInstanceOfSatisfying(SdpException.class, e -> assertThat(e.line()).hasValue(17))
        .hasMessageStartingWith("line 17 \"" + line)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesMidThatStandsTwice() {
    assertRefused(with("m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0"))
        .hasMessage("line 18 \"a=mid:0\": mid \"0\" stands twice");
  }

  @Test
  void refusesExtensionIdThatStandsTwice() {
    assertRefused(with("a=extmap:1 urn:x", "a=extmap:1 urn:y")).hasMessageContaining("extmap id 1 stands twice");
  }

  @Test
  void refusesBundleOfUnknownMid() {
    assertRefused(Samples.SMALL_OFFER.replace("t=0 0", "a=group:BUNDLE 0 7"))
        .hasMessageContaining("names mid \"7\", which no m-line has");
  }

  @Test
  void refusesWhatIsNoDescription() {
    assertRefused("").hasMessage("a description begins with the line v=0");
    assertRefused("{\"sdp\":\"v=0\"}").hasMessageStartingWith("line 1 ");
    assertRefused("v=0\r\ns=-\r\n").hasMessage("the o= line is missing");
  }

  @Test
  void refusesLinesEndedByCarriageReturnAlone() {
    assertRefused(Samples.SMALL_OFFER.replace('\n', '\r'))
        .hasMessageStartingWith("line 1 ")
        .hasMessageContaining("control character; lines end with CRLF or LF");
  }

  @Test
  void refusesHiddenControlCharacters() {
    assertRefused(with("a=msid:a\u0000b")).hasMessageContaining("control character");
  }

  @Test
  void refusesMoreThanItsLimits() {
    assertRefused("v=0\n" + "x".repeat(70_000)).hasMessageStartingWith("description has 70004 characters");
    assertRefused("v=0\n" + "a=x\n".repeat(5_000)).hasMessage("description has more than 4000 lines");
    String lines = IntStream.range(0, 101)
        .mapToObj(i -> "m=audio 9 UDP/TLS/RTP/SAVPF 111\n")
        .collect(Collectors.joining());
    assertRefused("v=0\no=- 1 1 IN IP4 127.0.0.1\n" + lines).hasMessageContaining("more than 100 m-lines");
  }

  @Test
  void shortensWhatItQuotes() {
    assertRefused(with("a=setup:" + "x".repeat(1_000))).message().hasSizeLessThan(200);
  }

  private static String with(String... lines) {
    return Samples.SMALL_OFFER + String.join("\n", lines) + "\n";
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String text) {
    return assertThatThrownBy(() -> SdpParser.parse(text)).isInstanceOf(SdpException.class);
  }
}
