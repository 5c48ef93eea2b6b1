package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.srtp.RtpSamples;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpPair;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The native back ends write the bytes of the portable one and read its own, for every size and header shape. */
class CipherAgreementTest {
  private static final int PACKETS = 3000;
  private static final int STREAMS = 8;
  private static final long SEED = 20261121;

  @ParameterizedTest
  @CsvSource({
    "LIBCRYPTO, AEAD_AES_128_GCM", "LIBCRYPTO, AES128_CM_HMAC_SHA1_80",
    "IPSEC_MB, AEAD_AES_128_GCM", "IPSEC_MB, AES128_CM_HMAC_SHA1_80"})
  void holdsForRtp(BackEnds backEnd, SrtpProfile profile) {
    System.out.println("seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    try (SrtpPair portable = pair(BackEnds.PORTABLE.factory(), profile);
        SrtpPair tested = pair(backEnd.factory(), profile)) {
      assertThat(tested.masterKey).isEqualTo(portable.masterKey);
      for (int i = 0; i < PACKETS; i++) {
        int payloadBytes = i <= 1500 ? i : random.nextInt(1501);
        byte[] plain =
            RtpSamples.rtp(random, i % STREAMS, (60_000 + i * 40) & 0xFFFF, i % 16, i % 21 - 1, payloadBytes);
        byte[] expected = portable.protectRtp(plain);
        assertThat(tested.protectRtp(plain)).isEqualTo(expected).hasSize(plain.length + profile.rtpTagBytes);
        refusesAnyOther(tested, expected, random);
        assertThat(tested.unprotectRtp(expected)).isEqualTo(plain);
        assertThat(portable.unprotectRtp(expected)).isEqualTo(plain);
      }
    }
  }

  /** One byte changed behind the fixed header, or the last ones missing. */
  private static void refusesAnyOther(SrtpPair tested, byte[] packet, SplittableRandom random) {
    byte[] changed = packet.clone();
    int last = Math.min(16, packet.length - 12); // mostly the tag
    changed[packet.length - 1 - random.nextInt(last)] ^= (byte) (1 << random.nextInt(8));
    assertThat(tested.unprotectRtp(changed)).isEmpty();
    assertThat(tested.reason).isEqualTo(SrtpReceiver.AUTHENTICATION_FAILED);

    assertThat(tested.unprotectRtp(Arrays.copyOf(packet, packet.length - 1 - random.nextInt(last)))).isEmpty();
    assertThat(tested.reason).isIn(SrtpReceiver.AUTHENTICATION_FAILED, SrtpReceiver.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "LIBCRYPTO, AEAD_AES_128_GCM", "LIBCRYPTO, AES128_CM_HMAC_SHA1_80",
    "IPSEC_MB, AEAD_AES_128_GCM", "IPSEC_MB, AES128_CM_HMAC_SHA1_80"})
  void holdsForRtcp(BackEnds backEnd, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (SrtpPair portable = pair(BackEnds.PORTABLE.factory(), profile);
        SrtpPair tested = pair(backEnd.factory(), profile)) {
      for (int i = 0; i < PACKETS; i++) {
        byte[] plain = RtpSamples.rtcp(random, i % STREAMS, 2 + i % 370);
        byte[] expected = portable.protectRtcp(plain);
        assertThat(tested.protectRtcp(plain)).isEqualTo(expected);
        byte[] changed = expected.clone();
        changed[8 + random.nextInt(changed.length - 8)] ^= 1;
        assertThat(tested.unprotectRtcp(changed)).isEmpty();
        assertThat(tested.unprotectRtcp(expected)).isEqualTo(plain);
        assertThat(portable.unprotectRtcp(expected)).isEqualTo(plain);
      }
    }
  }

  private static SrtpPair pair(SrtpCipherFactory ciphers, SrtpProfile profile) {
    return new SrtpPair(ciphers, profile, new SplittableRandom(SEED), STREAMS);
  }
}
