package dev.tapedeck.media.core.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadFormatTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      H264 | profile-level-id=42e01f;packetization-mode=1 | profile-level-id=42001f;packetization-mode=1 | true
      H264 | profile-level-id=42e01f;packetization-mode=1 | Profile-Level-Id=42E034; packetization-mode=1 | true
      H264 | profile-level-id=42e01f;packetization-mode=1 | profile-level-id=42e01f;packetization-mode=0 | false
      H264 | profile-level-id=42e01f                      | profile-level-id=42e01f;packetization-mode=0 | true
      H264 | profile-level-id=42e01f;packetization-mode=1 | profile-level-id=4d001f;packetization-mode=1 | false
      H264 | profile-level-id=42e01f                      | profile-level-id=4d801f                      | true
      H264 | profile-level-id=64001f                      | profile-level-id=640c1f                      | false
      H264 | profile-level-id=64001f                      | profile-level-id=640034                      | true
      H264 | profile-level-id=f4001f                      | profile-level-id=f4001f                      | true
      H264 | profile-level-id=530c1f                      | profile-level-id=530c1f                      | false
      H264 | profile-level-id=nonsense                    | profile-level-id=nonsense                    | false
      H264 | ''                                           | profile-level-id=42e01f                      | true
      VP9  | profile-id=0                                 | ''                                           | true
      VP9  | profile-id=0                                 | profile-id=2                                 | false
      AV1  | level-idx=5;profile=0;tier=0                 | ''                                           | true
      AV1  | profile=1                                    | profile=0                                    | false
      VP8  | max-fs=12288                                 | ''                                           | true
      """)
  void matchesByWhatDecodersCareAbout(String name, String one, String other, boolean isMatch) {
    PayloadFormat first = codec(96, name, 90_000, 1, one);
    PayloadFormat second = codec(120, name.toLowerCase(Locale.ROOT), 90_000, 1, other);
    assertThat(first.matches(second)).isEqualTo(isMatch);
    assertThat(second.matches(first)).isEqualTo(isMatch);
  }

  @Test
  void differsByNameClockRateAndChannels() {
    PayloadFormat opus = codec(111, "opus", 48_000, 2, "");
    assertThat(opus.matches(codec(109, "OPUS", 48_000, 2, "stereo=1"))).isTrue();
    assertThat(opus.matches(codec(111, "opus", 48_000, 1, ""))).isFalse();
    assertThat(opus.matches(codec(111, "opus", 16_000, 2, ""))).isFalse();
    assertThat(opus.matches(codec(111, "L16", 48_000, 2, ""))).isFalse();
  }

  private static PayloadFormat codec(int payloadType, String name, int clockRate, int channels, String fmtp) {
    return new PayloadFormat(payloadType, name, clockRate, channels, fmtp, List.of(), OptionalInt.empty());
  }
}
