package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.srtp.RtpSamples;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpPair;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both back ends write the same bytes and read each other's, for every size and header shape. */
class CipherAgreementTest {
  private static final int PACKETS = 3000;
  private static final int STREAMS = 8;
  private static final long SEED = 20261121;

  @ParameterizedTest
  @EnumSource
  void holdsForRtp(SrtpProfile profile) {
    System.out.println("seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    try (SrtpPair portable = pair(new JitsiSrtpCipherFactory(), profile);
        SrtpPair libcrypto = pair(new LibcryptoSrtpCipherFactory(), profile)) {
      assertThat(libcrypto.masterKey).isEqualTo(portable.masterKey);
      for (int i = 0; i < PACKETS; i++) {
        int payloadBytes = i < 1500 ? i : random.nextInt(1500);
        byte[] plain =
            RtpSamples.rtp(random, i % STREAMS, (60_000 + i * 40) & 0xFFFF, i % 16, i % 21 - 1, payloadBytes);
        byte[] expected = portable.protectRtp(plain);
        assertThat(libcrypto.protectRtp(plain)).isEqualTo(expected).hasSize(plain.length + profile.rtpTagBytes);
        assertThat(libcrypto.unprotectRtp(expected)).isEqualTo(plain);
        assertThat(portable.unprotectRtp(expected)).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void holdsForRtcp(SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (SrtpPair portable = pair(new JitsiSrtpCipherFactory(), profile);
        SrtpPair libcrypto = pair(new LibcryptoSrtpCipherFactory(), profile)) {
      for (int i = 0; i < PACKETS; i++) {
        byte[] plain = RtpSamples.rtcp(random, i % STREAMS, 2 + i % 370);
        byte[] expected = portable.protectRtcp(plain);
        assertThat(libcrypto.protectRtcp(plain)).isEqualTo(expected);
        assertThat(libcrypto.unprotectRtcp(expected)).isEqualTo(plain);
        assertThat(portable.unprotectRtcp(expected)).isEqualTo(plain);
      }
    }
  }

  private static SrtpPair pair(SrtpCipherFactory ciphers, SrtpProfile profile) {
    return new SrtpPair(ciphers, profile, new SplittableRandom(SEED), STREAMS);
  }
}
