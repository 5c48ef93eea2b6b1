package dev.tapedeck.bench.client.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfferWriterTest {
  private static final String FINGERPRINT = "AB:CD:EF";
  private static final IceParameters ICE = new IceParameters("ufrag", "password-of-22-letters",
      List.of(new IceCandidate("1", 1, 2130706431, "192.0.2.7", 4000, "host")));

  private static String write(OfferedMedia... media) {
    return OfferWriter.write(List.of(media), ICE, FINGERPRINT, "me", 42);
  }

  @Test
  void writesWhatAnAnswerParserReads() throws Exception {
    OfferedMedia audio = OfferedMedia.sending("0", MediaKind.AUDIO, Codec.opus(109), 7, 0);
    OfferedMedia video = OfferedMedia.receiving("1", MediaKind.VIDEO,
        List.of(Codec.vp8(120, 124), Codec.vp9(121, 125), Codec.h264(126, 127), Codec.av1(99, 100)))
        .withExtensionIds(Map.of(HeaderExtension.MID, 21, HeaderExtension.TRANSPORT_CC, 7));

    Answer read = Answer.parse(write(audio, video));

    assertThat(read.ice()).isEqualTo(ICE);
    assertThat(read.fingerprint()).isEqualTo(FINGERPRINT);
    assertThat(read.setup()).isEqualTo("actpass");
    assertThat(read.byMid("0").direction()).isEqualTo("sendonly");
    assertThat(read.byMid("0").rtpmaps()).containsEntry(109, "opus/48000/2");
    assertThat(read.byMid("0").ssrcs()).containsExactly(7);
    assertThat(read.byMid("0").extensionId(HeaderExtension.AUDIO_LEVEL)).isEqualTo(1);
    assertThat(read.byMid("1").direction()).isEqualTo("recvonly");
    assertThat(read.byMid("1").payloadTypes()).containsExactly(120, 124, 121, 125, 126, 127, 99, 100);
    assertThat(read.byMid("1").fmtps()).containsEntry(124, "apt=120").containsEntry(100, "apt=99");
    assertThat(read.byMid("1").extensionId(HeaderExtension.MID)).isEqualTo(21);
    assertThat(read.byMid("1").extensionId(HeaderExtension.RID)).isEqualTo(-1);
    assertThat(read.byMid("1").codecName(126)).contains("H264");
  }

  @Test
  void writesLayersAsRidsWithoutSsrcs() throws Exception {
    String sdp = write(OfferedMedia.sending("0", MediaKind.VIDEO, Codec.vp8(96, 97), 5, 6)
        .withRids(List.of("q", "h", "f")));

    assertThat(sdp).contains("a=rid:q send\r\n", "a=simulcast:send q;h;f\r\n").doesNotContain("a=ssrc");
    assertThat(Answer.parse(sdp).byMid("0").rids()).containsExactly("q", "h", "f");
  }

  @Test
  void bundlesAllMediaOverOneTransport() {
    String sdp = write(OfferedMedia.sending("a", MediaKind.AUDIO, Codec.opus(111), 1, 0),
        OfferedMedia.sending("b", MediaKind.VIDEO, Codec.vp8(96, 97), 2, 3));

    assertThat(sdp).contains("a=group:BUNDLE a b\r\n", "a=ssrc-group:FID 2 3\r\n");
    assertThat(sdp.lines().filter(line -> line.equals("a=rtcp-mux"))).hasSize(2);
  }

  @Test
  void refusesAnAnswerWithoutCredentialsOrWithABrokenLine() {
    assertThatThrownBy(() -> Answer.parse("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"))
        .isInstanceOf(SdpException.class).hasMessageContaining("ICE credentials");
    assertThatThrownBy(() -> Answer.parse("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:x opus/48000\r\n"))
        .isInstanceOf(SdpException.class).hasMessageContaining("a=rtpmap:x opus/48000");
  }

  @Test
  void aFragmentCarriesCredentialsAndCandidates() throws Exception {
    String fragment = SdpFragment.write(ICE, MediaKind.AUDIO, "0");

    assertThat(SdpFragment.parse(fragment)).isEqualTo(ICE);
    assertThat(fragment).contains("a=mid:0\r\n").endsWith("a=end-of-candidates\r\n");
  }
}
