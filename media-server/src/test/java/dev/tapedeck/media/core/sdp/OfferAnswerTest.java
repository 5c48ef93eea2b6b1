package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import dev.tapedeck.media.core.sdp.NegotiatedMedia.RemoteSource;
import dev.tapedeck.protocol.codec.MediaKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class OfferAnswerTest {
  private static final List<String> SAMPLES = Samples.all();

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void answersEveryLineInItsPlace(String sample) {
    SessionDescription offer = Samples.offer(sample);
    Role role = sample.contains("recvonly") ? Role.WATCH : Role.PUBLISH;
    SessionDescription answer = OfferAnswer.negotiate(offer, Samples.params(role)).answer();

    assertThat(answer.media()).extracting(MediaDescription::mid)
        .isEqualTo(offer.media().stream().map(MediaDescription::mid).toList());
    assertThat(answer.media()).extracting(MediaDescription::kind)
        .isEqualTo(offer.media().stream().map(MediaDescription::kind).toList());
    assertThat(SdpParser.parse(SdpWriter.write(answer))).isEqualTo(answer);
  }

  @Test
  void isLiteAndPassiveAndReachedWhereToldTo() {
    SessionDescription answer = Samples.publish(Samples.text("chromium-156-offer-sendrecv")).answer();

    assertThat(answer.iceLite()).isTrue();
    assertThat(answer.media()).allSatisfy(line -> {
      assertThat(line.transport().setup()).contains(Setup.PASSIVE);
      assertThat(line.transport().iceUfrag()).contains("UfragOf1");
      assertThat(line.connection()).isEqualTo("IN IP4 192.0.2.10");
      assertThat(line.port()).isEqualTo(40_000);
      assertThat(line.rtcpMux()).isTrue();
    });
    assertThat(answer.media().getFirst().candidates()).extracting(IceCandidate::priority)
        .containsExactly(2_130_706_431L, 2_130_706_175L);
    assertThat(answer.media().getFirst().endOfCandidates()).isTrue();
  }

  @Test
  void takesSimulcastOfChromium() {
    Negotiated negotiated = Samples.publish(Samples.text("chromium-156-offer-simulcast"));
    NegotiatedMedia video = negotiated.media().get(1);

    assertThat(negotiated.remoteUfrag()).isEqualTo("hRsX");
    assertThat(negotiated.remotePwd()).isEqualTo("+gxHcS3XC3Hs1P/oWdbOvQ6E");
    assertThat(video.mid()).isEqualTo("1");
    assertThat(video.kind()).contains(MediaKind.VIDEO);
    assertThat(video.direction()).isEqualTo(Direction.RECVONLY);
    assertThat(video.isSimulcast()).isTrue();
    assertThat(video.rids()).containsExactly("q", "h", "f");
    assertThat(video.remote()).as("Chromium announces no SSRC beside rids").isEmpty();
    assertThat(video.codecs()).extracting(PayloadFormat::name)
        .containsExactly("VP8", "H264", "H264", "H264", "H264", "H264", "H264", "AV1", "VP9", "VP9");
    assertThat(video.codecs().getFirst().feedback())
        .containsExactly("transport-cc", "ccm fir", "nack", "nack pli");
    assertThat(video.extensionId(HeaderExtension.RTP_STREAM_ID)).hasValue(10);
    assertThat(video.extensionId(HeaderExtension.VIDEO_LAYERS_ALLOCATION)).hasValue(9);
    assertThat(video.extensions()).doesNotContainKeys(14, 7).as("toffset, video-timing");
    assertThat(video.local()).isEmpty();
    assertThat(negotiated.media().getFirst().remote()).containsExactly(
        new RemoteSource(3_087_110_489L, OptionalLong.empty(), Optional.empty(), "GLZ8HqojGgzOW3SZ"));
  }

  @Test
  void pairsRidsAndSourcesOfFirefox() {
    NegotiatedMedia video = Samples.publish(Samples.text("firefox-153-offer-simulcast")).media().get(1);
    String cname = "{818e0e7b-c1ad-4111-9869-a3487062087d}";

    assertThat(video.isRejected()).as("bundle-only with port 0 is no rejection").isFalse();
    assertThat(video.remote()).containsExactly(
        new RemoteSource(2_720_806_167L, OptionalLong.of(1_247_822_352L), Optional.of("q"), cname),
        new RemoteSource(1_175_467_333L, OptionalLong.of(512_733_405L), Optional.of("h"), cname),
        new RemoteSource(1_802_595_729L, OptionalLong.of(2_478_658_710L), Optional.of("f"), cname));
    assertThat(video.codecs().getFirst().fmtp()).as("Firefox's own limits do not bind it").isEmpty();
  }

  @Test
  void answersExtensionsTheWayTheyFlow() {
    MediaDescription published =
        Samples.publish(Samples.text("firefox-153-offer-simulcast")).answer().media().get(1);
    assertThat(published.extMaps()).extracting(ExtMap::toString)
        .contains("9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id")
        .noneMatch(extMap -> extMap.contains("playout-delay"));

    NegotiatedMedia watched = Samples.watch(Samples.SMALL_OFFER
        + "a=extmap:1/sendonly urn:3gpp:video-orientation\n"
        + "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:sdes:mid\n"
        + "a=extmap:4/inactive http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
        + "a=extmap:15 http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time\n"
        + "a=extmap:4096 http://www.webrtc.org/experiments/rtp-hdrext/color-space\n").media().getFirst();
    assertThat(watched.extensions()).containsExactly(Map.entry(2, HeaderExtension.MID));
  }

  @Test
  void announcesWhatItSendsToWatcher() {
    Negotiated negotiated = Samples.watch(Samples.text("chromium-offer-recvonly"));
    NegotiatedMedia audio = negotiated.media().get(0);
    NegotiatedMedia video = negotiated.media().get(1);

    assertThat(audio.direction()).isEqualTo(Direction.SENDONLY);
    assertThat(audio.local().orElseThrow().rtxSsrc()).isEmpty();
    assertThat(video.local().orElseThrow()).isEqualTo(new NegotiatedMedia.LocalSource(
        1_002, OptionalLong.of(1_003), new Msid("tapedeck-0", "video-1")));
    assertThat(audio.local().orElseThrow().msid().stream()).as("sound and picture of a slot share a stream")
        .isEqualTo(video.local().orElseThrow().msid().stream());
    assertThat(video.codecs()).filteredOn(codec -> codec.isNamed("VP9"))
        .extracting(codec -> codec.parameterOr("profile-id", "")).containsExactly("0", "2", "1", "3");
    assertThat(video.extensions().values()).doesNotContain(HeaderExtension.RTP_STREAM_ID,
        HeaderExtension.REPAIRED_RTP_STREAM_ID, HeaderExtension.VIDEO_LAYERS_ALLOCATION,
        HeaderExtension.PLAYOUT_DELAY);
    assertThat(negotiated.answerText())
        .contains("a=ssrc-group:FID 1002 1003\r\n", "a=ssrc:1002 cname:tapedeck\r\n",
            "a=ssrc:1003 msid:tapedeck-0 video-1\r\n");
  }

  @Test
  void announcesEveryOneOfManySlots() {
    String offer = slots(30);
    Negotiated negotiated = Samples.watch(offer);

    assertThat(negotiated.media()).hasSize(60).allSatisfy(line -> assertThat(line.local()).isPresent());
    assertThat(negotiated.media().stream().flatMapToLong(OfferAnswerTest::ssrcs).boxed()).doesNotHaveDuplicates();
    assertThat(negotiated.media().get(59).local().orElseThrow().msid()).isEqualTo(new Msid("tapedeck-29", "video-59"));
    assertThat(negotiated.answer().bundle()).hasSize(60);
  }

  private static LongStream ssrcs(NegotiatedMedia line) {
    NegotiatedMedia.LocalSource local = line.local().orElseThrow();
    return LongStream.concat(LongStream.of(local.ssrc()), local.rtxSsrc().stream());
  }

  /** An offer of {@code count} pairs of audio and video m-lines, received only. */
  private static String slots(int count) {
    String transport = "a=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=fingerprint:sha-256 AB:CD\n";
    String head = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n" + transport + "a=setup:actpass\na=group:BUNDLE "
        + IntStream.range(0, 2 * count).mapToObj(Integer::toString).collect(Collectors.joining(" ")) + "\n";
    return head + IntStream.range(0, 2 * count)
        .mapToObj(i -> i % 2 == 0
            ? "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=recvonly\na=rtcp-mux\na=mid:" + i + "\n"
            : "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n"
                + "a=recvonly\na=rtcp-mux\na=mid:" + i + "\n")
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource({
    "PUBLISH, sendrecv, RECVONLY", "PUBLISH, sendonly, RECVONLY", "WATCH, sendrecv, SENDONLY",
    "WATCH, recvonly, SENDONLY"
  })
  void answersDirection(Role role, String offered, Direction answered) {
    SessionDescription offer = SdpParser.parse(Samples.SMALL_OFFER.replace("a=sendrecv", "a=" + offered));
    assertThat(OfferAnswer.negotiate(offer, Samples.params(role)).media().getFirst().direction()).isEqualTo(answered);
  }

  @Test
  void keepsLineThatCannotFlowInactive() {
    String offer = slots(1).replaceFirst("a=recvonly", "a=sendonly");
    Negotiated negotiated = Samples.watch(offer);
    assertThat(negotiated.media()).extracting(NegotiatedMedia::direction)
        .containsExactly(Direction.INACTIVE, Direction.SENDONLY);
    assertThat(negotiated.media().getFirst().isRejected()).isFalse();
    assertThat(negotiated.media().getFirst().local()).isEmpty();
    assertThat(negotiated.answer().bundle()).containsExactly("0", "1");
  }

  @ParameterizedTest
  @CsvSource({"PUBLISH, recvonly, sends nothing", "PUBLISH, inactive, sends nothing",
      "WATCH, sendonly, receives nothing", "WATCH, inactive, receives nothing"})
  void refusesOfferInWhichNothingFlows(Role role, String offered, String problem) {
    SessionDescription offer = SdpParser.parse(Samples.SMALL_OFFER.replace("a=sendrecv", "a=" + offered));
    assertThatThrownBy(() -> OfferAnswer.negotiate(offer, Samples.params(role)))
        .isInstanceOf(SdpException.class).hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({"chromium-156-offer-datachannel", "firefox-153-offer-datachannel"})
  void rejectsDataChannelAndKeepsTheRest(String sample) {
    Negotiated negotiated = Samples.publish(Samples.text(sample));

    assertThat(negotiated.media()).extracting(NegotiatedMedia::isRejected).containsExactly(false, false, true);
    assertThat(negotiated.answer().bundle()).containsExactly("0", "1");
    assertThat(negotiated.answerText())
        .contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n");
  }

  @ParameterizedTest
  @CsvSource({"chromium-156-offer-datachannel, 262144", "firefox-153-offer-datachannel, 1073741823"})
  void acceptsDataChannelInTheBundleWhereItIsWanted(String sample, long maxMessageBytes) {
    Negotiated negotiated = negotiateWithData(Samples.text(sample));

    assertThat(negotiated.media()).extracting(NegotiatedMedia::isData).containsExactly(false, false, true);
    assertThat(negotiated.answer().bundle()).containsExactly("0", "1", "2");
    assertThat(negotiated.remoteSctp()).contains(new SctpDescription(5000, maxMessageBytes));
    String line = negotiated.answerText().substring(negotiated.answerText().indexOf("m=application"));
    assertThat(line)
        .startsWith("m=application 40000 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 192.0.2.10\r\na=mid:2\r\n")
        .contains("a=setup:passive\r\n", "a=fingerprint:sha-256 ")
        .endsWith("a=sctp-port:5001\r\na=max-message-size:65537\r\n")
        .doesNotContain("rtcp-mux");
  }

  @Test
  void answersAnOfferOfDataChannelsOnly() {
    String sample = Samples.text("chromium-156-offer-datachannel").replace("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 2");
    String offer = sample.substring(0, sample.indexOf("m=")) + sample.substring(sample.indexOf("m=application"));
    Negotiated negotiated = negotiateWithData(offer);

    assertThat(negotiated.media()).singleElement().matches(NegotiatedMedia::isData);
    assertThat(negotiated.answer().media().getFirst().candidates()).isNotEmpty();
    assertThat(negotiateWithData(offer.replace("a=max-message-size:262144\r\n", "")).remoteSctp().orElseThrow()
        .maxMessageBytes()).isEqualTo(65_536);
    assertThatThrownBy(() -> negotiateWithData(offer.replace("a=sctp-port:5000\r\n", "")))
        .isInstanceOf(SdpException.class).hasMessageContaining("lacks a=sctp-port");
  }

  private static Negotiated negotiateWithData(String offer) {
    return OfferAnswer.negotiate(SdpParser.parse(offer),
        Samples.params(Role.PUBLISH, Optional.of(new SctpDescription(5001, 65_537))));
  }

  @Test
  void rejectsLineOutsideTheBundleAndLineTheClientStopped() {
    Negotiated outside = Samples.watch(slots(2).replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2"));
    assertThat(outside.media().get(3).refusal()).contains("not in the BUNDLE group");

    Negotiated stopped = Samples.watch(slots(2).replaceFirst("m=video 9", "m=video 0"));
    assertThat(stopped.media().get(1).refusal()).contains("stopped by the client");
    assertThat(stopped.answer().media().get(1).port()).isZero();
    assertThat(stopped.answer().media().get(1).formats()).containsExactly("96", "97");
    assertThat(stopped.answer().bundle()).containsExactly("0", "2", "3");
  }

  @Test
  void takesTransportOfFirstBundledLineEvenIfRejected() {
    String offer = slots(1)
        .replace("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0\na=ice-ufrag:first\na=ice-pwd:first01234567890123456789\n");
    Negotiated negotiated = Samples.watch(offer);
    assertThat(negotiated.media().getFirst().refusal()).contains("no codec of opus");
    assertThat(negotiated.remoteUfrag()).isEqualTo("first");
    assertThat(negotiated.answer().media().get(1).candidates()).as("in the first line that lives").hasSize(2);
  }

  @Test
  void takesOneLineWithoutBundleAndWithoutMid() {
    Negotiated negotiated = Samples.publish(Samples.SMALL_OFFER.replace("a=mid:0\n", ""));
    assertThat(negotiated.media().getFirst().mid()).isEqualTo("0");
    assertThat(negotiated.answer().media().getFirst().mid()).isEmpty();
    assertThat(negotiated.answer().bundle()).isEmpty();
  }

  @Test
  void refusesSeveralTransports() {
    assertThatThrownBy(() -> Samples.watch(slots(1).replaceFirst("a=group:BUNDLE.*\n", "")))
        .isInstanceOf(SdpException.class).hasMessageContaining("2 m-lines and no a=group:BUNDLE");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      a=ice-ufrag:abcd                       | a=x            | the offer has no a=ice-ufrag
      a=ice-pwd:0123456789012345678901       | a=x            | no a=ice-pwd
      a=fingerprint:sha-256 (..:)*..         | a=x            | the offer has no a=fingerprint
      a=fingerprint:sha-256                  | a=fingerprint:sha-1 | no a=fingerprint by sha-256
      a=setup:actpass                        | a=setup:passive | this server is the DTLS server: offer actpass
      a=setup:actpass                        | a=setup:holdconn | offer actpass or active
      a=rtcp-mux                             | a=x            | lacks a=rtcp-mux
      t=0 0                                  | a=ice-lite     | the client must be a full agent
      (?s)m=.*                               | a=x            | the offer has no m-line
      VP8                                    | HEVC           | can be accepted: m-line 0 (video): no codec of VP8, VP9
      UDP/TLS/RTP/SAVPF                      | RTP/AVP        | protocol "RTP/AVP" is not UDP/TLS/RTP/SAVPF
      """)
  void refusesOfferAndSaysWhatToChange(String pattern, String replacement, String problem) {
    String offer = Samples.SMALL_OFFER.replaceFirst(pattern, replacement);
    assertThat(offer).isNotEqualTo(Samples.SMALL_OFFER);
    assertThatThrownBy(() -> Samples.publish(offer)).isInstanceOf(SdpException.class).hasMessageContaining(problem);
  }

  @Test
  void picksTheBestOfSeveralFingerprints() {
    Negotiated negotiated = Samples.publish(
        Samples.SMALL_OFFER.replace("a=setup", "a=fingerprint:sha-1 11:22\na=fingerprint:SHA-512 33:44\na=setup"));
    assertThat(negotiated.remoteFingerprint().algorithm()).isEqualTo("sha-256");
    negotiated = Samples.publish(Samples.SMALL_OFFER.replaceFirst(
        "a=fingerprint.*", "a=fingerprint:sha-1 11:22\na=fingerprint:SHA-512 33:44"));
    assertThat(negotiated.remoteFingerprint().toString()).isEqualTo("sha-512 33:44");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      send q;h;f        | q;h;f
      send ~q;h         | ~q;h
      send x,~q;h,f     | ~q;h
      send q,~h;~h;q    | q;~h
      send f;q recv h   | f;q
      send a;b;c        | ''
      recv q;h          | ''
      send q;h;f;l;m    | q;h;f;l
      """)
  void wantsEveryStreamInItsFirstAlternative(String offered, String answered) {
    Negotiated negotiated = Samples.publish(Samples.SMALL_OFFER
        + "a=rid:q send\na=rid:h send pt=96\na=rid:f send\na=rid:l send\na=rid:m send\na=rid:gone send pt=97\n"
        + "a=simulcast:" + offered + "\n");
    assertThat(negotiated.answer().media().getFirst().simulcast().map(Simulcast::toString))
        .isEqualTo(answered.isEmpty() ? Optional.empty() : Optional.of("recv " + answered));
    if (offered.startsWith("send")) {
      assertThat(String.join(";", negotiated.media().getFirst().rids())).isEqualTo(answered.replace("~", ""));
    }
  }

  @Test
  void keepsRestrictionsOfRidButForeignPayloadTypes() {
    Negotiated negotiated = Samples.publish(Samples.SMALL_OFFER
        + "a=rid:q send pt=96,98;max-width=320\na=rid:gone send pt=98\na=simulcast:send q;gone\n");
    assertThat(negotiated.answer().media().getFirst().rids()).extracting(Rid::toString)
        .containsExactly("q recv pt=96;max-width=320");
    assertThat(negotiated.answer().media().getFirst().simulcast().orElseThrow()).hasToString("recv q");
  }

  @Test
  void refusesExtensionNumberOfTwoMeaningsInBundle() {
    String offer = slots(1)
        .replace("a=mid:0\n", "a=mid:0\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n")
        .replace("a=mid:1\n", "a=mid:1\na=extmap:1 urn:3gpp:video-orientation\n");
    assertThatThrownBy(() -> Samples.watch(offer)).isInstanceOf(SdpException.class)
        .hasMessageContaining("extmap id 1 is urn:ietf:params:rtp-hdrext:ssrc-audio-level in one m-line");
  }

  @Test
  void mapsPublishedCodecToPayloadTypeOfWatcher() {
    NegotiatedMedia publisher = Samples.publish(Samples.text("firefox-153-offer-simulcast")).media().get(1);
    NegotiatedMedia watcher = Samples.watch(Samples.text("chromium-offer-recvonly")).media().get(1);

    assertThat(publisher.codecs()).extracting(codec -> watcher.codecFor(codec).orElseThrow().payloadType())
        .containsExactly(96, 98, 45);
  }
}
