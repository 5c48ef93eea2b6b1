package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.io.crypto.CipherChoice;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpSenderTest {
  private static final int SSRC = 1;

  private final SplittableRandom random = new SplittableRandom(7714);
  private final SrtpCipherFactory ciphers = CipherChoice.choose(Optional.empty());

  @ParameterizedTest
  @EnumSource
  void neverEncryptsTwoPacketsUnderOneIndex(SrtpProfile profile) {
    try (SrtpPair pair = new SrtpPair(ciphers, profile, random, 2)) {
      assertThat(pair.protectRtp(RtpSamples.rtp(random, SSRC, 10, 50))).isNotEmpty();
      assertThat(pair.protectRtp(RtpSamples.rtp(random, SSRC, 10, 50))).isEmpty();
      assertThat(pair.reason).isEqualTo(SrtpSender.INDEX_USED);
      assertThat(pair.protectRtp(RtpSamples.rtp(random, 2, 10, 50))).as("another stream").isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesPacketsSlightlyOutOfOrderOverAWrap(SrtpProfile profile) {
    try (SrtpPair pair = new SrtpPair(ciphers, profile, random, 2)) {
      for (int sequence : new int[] {65_530, 65_535, 1, 65_533, 0, 3, 65_534, 2}) {
        byte[] plain = RtpSamples.rtp(random, SSRC, sequence, 50);
        assertThat(pair.unprotectRtp(pair.protectRtp(plain))).isEqualTo(plain);
      }
    }
  }

  @Test
  void refusesWhatIsTooOldToKnow() {
    try (SrtpPair pair = new SrtpPair(ciphers, SrtpProfile.AEAD_AES_128_GCM, random, 2)) {
      pair.protectRtp(RtpSamples.rtp(random, SSRC, 5000, 50));
      assertThat(pair.protectRtp(RtpSamples.rtp(random, SSRC, 5000 - ReplayWindow.WIDTH, 50))).isEmpty();
      assertThat(pair.reason).isEqualTo(SrtpSender.INDEX_USED);
    }
  }

  @Test
  void refusesMoreStreamsThanAgreed() {
    try (SrtpPair pair = new SrtpPair(ciphers, SrtpProfile.AEAD_AES_128_GCM, random, 1)) {
      pair.protectRtp(RtpSamples.rtp(random, 1, 1, 50));
      pair.protectRtp(RtpSamples.rtp(random, 2, 1, 50));
      assertThat(pair.reason).isEqualTo(SrtpSender.TOO_MANY_STREAMS);
      pair.protectRtcp(RtpSamples.rtcp(random, 1, 2));
      assertThat(pair.reason).isZero();
      pair.protectRtcp(RtpSamples.rtcp(random, 2, 2));
      assertThat(pair.reason).isEqualTo(SrtpSender.TOO_MANY_STREAMS);
    }
  }
}
