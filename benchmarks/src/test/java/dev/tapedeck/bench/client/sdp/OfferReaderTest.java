package dev.tapedeck.bench.client.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OfferReaderTest {
  private static final IceParameters ICE = new IceParameters("ufrag", "password-of-22-letters",
      List.of(new IceCandidate("1", 1, 2130706431, "192.0.2.7", 4000, "host")));

  @Test
  void takesThePayloadTypesAndExtensionIdsOfTheOffer() throws Exception {
    OfferedMedia audio = OfferedMedia.sending("a", MediaKind.AUDIO, Codec.opus(109), 7, 0)
        .withExtensionIds(Map.of(HeaderExtension.MID, 9));
    OfferedMedia video = OfferedMedia.sending("v", MediaKind.VIDEO, Codec.vp8(120, 124), 8, 9);

    List<OfferedMedia> answered = OfferReader.receiveAll(offer(audio, video));

    assertThat(answered).hasSize(2).noneMatch(OfferedMedia::sends);
    assertThat(answered.getFirst().codecs()).containsExactly(Codec.opus(109));
    assertThat(answered.getFirst().extensionIds()).containsExactly(Map.entry(HeaderExtension.MID, 9));
    assertThat(answered.getLast().codecs()).containsExactly(Codec.vp8(120, 124));
  }

  @Test
  void theAnswerIsTheClientOfDtls() throws Exception {
    OfferedMedia video = OfferedMedia.sending("v", MediaKind.VIDEO, Codec.vp8(120, 124), 8, 9);
    List<OfferedMedia> answered = OfferReader.receiveAll(offer(video));

    Answer read = Answer.parse(OfferWriter.write(answered, ICE, "AB:CD", "me", 42, DtlsSetup.ACTIVE));

    assertThat(read.setup()).isEqualTo("active");
    assertThat(read.byMid("v").direction()).isEqualTo("recvonly");
    assertThat(read.byMid("v").payloadTypes()).containsExactly(120, 124);
  }

  @Test
  void refusesCodecsItDoesNotCount() {
    OfferedMedia video = OfferedMedia.sending("v", MediaKind.VIDEO, Codec.h264(126, 127), 8, 9);

    assertThatThrownBy(() -> OfferReader.receiveAll(offer(video)))
        .isInstanceOf(SdpException.class).hasMessageContaining("neither Opus nor VP8");
  }

  private static Answer offer(OfferedMedia... media) throws SdpException {
    return Answer.parse(OfferWriter.write(List.of(media), ICE, "AB:CD", "server", 1));
  }
}
