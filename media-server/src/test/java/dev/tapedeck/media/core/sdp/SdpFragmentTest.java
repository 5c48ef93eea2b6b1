package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SdpFragmentTest {
  private static final String TRICKLE = """
      a=group:BUNDLE 0 1
      m=audio 9 RTP/AVP 0
      a=mid:0
      a=ice-ufrag:EsAw
      a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y
      a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1
      a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw network-id 2
      a=end-of-candidates
      m=video 9 RTP/AVP 0
      a=mid:1
      a=ice-ufrag:EsAw
      a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y
      """;

  @Test
  void readsCandidatesOfEachLine() {
    SdpFragment fragment = SdpFragment.parse(TRICKLE);

    assertThat(fragment.ufrag()).contains("EsAw");
    assertThat(fragment.pwd()).contains("bP+XJMM09aR8AiX1jdukzR6Y");
    assertThat(fragment.bundle()).containsExactly("0", "1");
    assertThat(fragment.media()).extracting(SdpFragment.Media::mid).containsExactly("0", "1");
    assertThat(fragment.media().getFirst().endOfCandidates()).isTrue();
    assertThat(fragment.media().getFirst().candidates()).extracting(IceCandidate::address)
        .containsExactly("192.0.2.1", "198.51.100.2");
    assertThat(SdpFragment.parse(fragment.write())).isEqualTo(fragment);
  }

  @Test
  void readsCredentialsBeforeAnyLineAndCandidateWithoutLine() {
    SdpFragment fragment = SdpFragment.parse("""
        a=ice-ufrag:EsAw
        a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y
        a=candidate:1 1 udp 1 192.0.2.1 9 typ host
        """);
    assertThat(fragment.ufrag()).contains("EsAw");
    assertThat(fragment.media()).singleElement().satisfies(media -> assertThat(media.candidates()).hasSize(1));
    assertThat(SdpFragment.parse(fragment.write())).isEqualTo(fragment);
  }

  @Test
  void writesAnswerToRestart() {
    Negotiated negotiated = Samples.publish(Samples.text("chromium-156-offer-sendrecv"));
    SdpFragment answer = SdpFragment.restarted(negotiated, "NewUfrag", "NewPasswordOf22Chars01",
        IceCandidate.hosts(List.of(new InetSocketAddress("192.0.2.10", 40_000))));

    assertThat(answer.write()).isEqualTo("""
        a=ice-lite
        a=ice-options:trickle
        a=group:BUNDLE 0 1
        a=ice-ufrag:NewUfrag
        a=ice-pwd:NewPasswordOf22Chars01
        m=audio 9 UDP/TLS/RTP/SAVPF 0
        a=mid:0
        a=candidate:1 1 udp 2130706431 192.0.2.10 40000 typ host
        a=end-of-candidates
        """.replace("\n", "\r\n"));
    assertThat(SdpFragment.parse(answer.write())).isEqualTo(answer);
  }

  @Test
  void refusesWhatCannotBeMeant() {
    assertRefused("a=ice-ufrag:EsAw\n", "ice-ufrag and ice-pwd come together");
    assertRefused(TRICKLE + "a=ice-ufrag:Other\n", "line 13 \"a=ice-ufrag:Other\": ice-ufrag differs");
    assertRefused("a=candidate:x\n", "line 1 \"a=candidate:x\": candidate is");
    assertRefused("m=audio\n", "line 1 \"m=audio\": m= is");
    assertRefused("m=audio 9 RTP/AVP 0\n".repeat(102), "more than 100 m-lines");
    assertRefused("a=x\n".repeat(20_000), "description has 80000 characters");
  }

  private static void assertRefused(String text, String problem) {
    assertThatThrownBy(() -> SdpFragment.parse(text)).isInstanceOf(SdpException.class).hasMessageContaining(problem);
  }
}
