package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] MASTER_KEY = HEX.parseHex("e1f97a0d3e018be0d64fa32c06de4139");
  private static final byte[] MASTER_SALT = HEX.parseHex("0ec675ad498afeebb6960b3aabe6");

  @Test
  void derivesTheKeysOfRfc3711AppendixB3() {
    SessionKeys keys = KeyDerivation.rtp(SrtpProfile.AES128_CM_HMAC_SHA1_80, MASTER_KEY, MASTER_SALT);

    assertThat(keys.encryptionKey()).asHexString().isEqualToIgnoringCase("c61e7a93744f39ee10734afe3ff7a087");
    assertThat(keys.salt()).asHexString().isEqualToIgnoringCase("30cbbc08863d8c85d49db34a9ae1");
    assertThat(keys.authenticationKey())
        .asHexString()
        .isEqualToIgnoringCase("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
  }

  @Test
  void derivesTheLongKeyOfRfc3711AppendixB3() {
    assertThat(KeyDerivation.pseudoRandom(MASTER_KEY, MASTER_SALT, 1, 94))
        .asHexString()
        .isEqualToIgnoringCase(
            "cebe321f6ff7716b6fd4ab49af256a15"
                + "6d38baa48f0a0acf3c34e2359e6cdbce"
                + "e049646c43d9327ad175578ef7227098"
                + "6371c10c9a369ac2f94a8c5fbcdddc25"
                + "6d6e919a48b610ef17c2041e47403576"
                + "6b68642c59bbfc2f34db60dbdfb2");
  }

  @Test
  void derivesDifferentKeysForRtcp() {
    SessionKeys rtp = KeyDerivation.rtp(SrtpProfile.AEAD_AES_128_GCM, MASTER_KEY, new byte[12]);
    SessionKeys rtcp = KeyDerivation.rtcp(SrtpProfile.AEAD_AES_128_GCM, MASTER_KEY, new byte[12]);

    assertThat(rtcp.encryptionKey()).hasSize(16).isNotEqualTo(rtp.encryptionKey());
    assertThat(rtcp.salt()).hasSize(12).isNotEqualTo(rtp.salt());
    assertThat(rtcp.authenticationKey()).isEmpty();
  }

  @Test
  void refusesKeysOfAnotherProfile() {
    assertThatThrownBy(() -> KeyDerivation.rtp(SrtpProfile.AEAD_AES_128_GCM, MASTER_KEY, MASTER_SALT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("master salt must have 12 bytes, not 14");
  }

  @Test
  void neverPrintsKeys() {
    assertThat(KeyDerivation.rtp(SrtpProfile.AES128_CM_HMAC_SHA1_80, MASTER_KEY, MASTER_SALT))
        .hasToString("SessionKeys[****]");
  }
}
