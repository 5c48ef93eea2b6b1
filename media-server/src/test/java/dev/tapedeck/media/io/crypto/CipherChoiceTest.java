package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.srtp.KeyDerivation;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CipherChoiceTest {
  @Test
  void prefersLibcryptoWhereItIs() {
    String expected = Libcrypto.missing().isEmpty() ? "libcrypto" : "portable";

    assertThat(CipherChoice.choose(Optional.empty()).name()).isEqualTo(expected);
  }

  @Test
  void obeysTheConfiguration() {
    assertThat(CipherChoice.choose(Optional.of("portable")).name()).isEqualTo("portable");
  }

  @Test
  void refusesUnknownNames() {
    assertThatThrownBy(() -> CipherChoice.choose(Optional.of("rot13")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown crypto rot13; known are libcrypto, portable");
  }

  @Test
  void findsABackEndThatWritesOtherBytes() {
    SrtpCipherFactory wrong = new SrtpCipherFactory() {
      @Override
      public String name() {
        return "wrong";
      }

      @Override
      public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
        return JitsiSrtpCipher.create(
            profile,
            KeyDerivation.rtp(profile, masterKey, masterSalt),
            KeyDerivation.rtp(profile, masterKey, masterSalt)); // should be the keys for RTCP
      }
    };

    assertThat(CipherSelfTest.difference(wrong, new JitsiSrtpCipherFactory())).isPresent();
    assertThat(CipherSelfTest.difference(new JitsiSrtpCipherFactory(), new JitsiSrtpCipherFactory())).isEmpty();
  }
}
