package dev.tapedeck.media.io.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packets of RFC 3711 appendix B and RFC 7714 §16 and §17 through every back end. */
class SrtpVectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int AREA = 512;

  @ParameterizedTest
  @EnumSource
  void rfc3711KeyStream(BackEnds backEnd) {
    SessionKeys keys = keys("2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfd");
    String header = "80600000" + "00000000" + "00000000";
    String keyStream =
        "e03ead0935c95e80e166b16dd92b4eb4" + "d23513162b02d0f72a43a2fe4a5f97ab" + "41e95b3bb0a2e8dd477901e4fca894c0";

    String packet = protectRtp(backEnd, SrtpProfile.AES128_CM_HMAC_SHA1_80, keys, header, "00".repeat(48), 0, 0);

    assertThat(packet).startsWith(header + keyStream).hasSize(2 * (12 + 48 + 10));
  }

  @ParameterizedTest
  @EnumSource
  void rfc7714Rtp(BackEnds backEnd) {
    SessionKeys keys = keys("000102030405060708090a0b0c0d0e0f", "517569642070726f2071756f");
    String header = "8040f17b8041f8d35501a0b2";
    String payload = "47616c6c696120657374206f6d6e697320646976697361" + "20696e207061727465732074726573";

    String packet =
        protectRtp(backEnd, SrtpProfile.AEAD_AES_128_GCM, keys, header, payload, 0x5501a0b2, 0xf17b);

    assertThat(packet)
        .isEqualTo(
            header
                + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                + "899d7f27beb16a9152cf765ee4390cce");
  }

  @ParameterizedTest
  @EnumSource
  void rfc7714Rtcp(BackEnds backEnd) {
    SessionKeys keys = keys("000102030405060708090a0b0c0d0e0f", "517569642070726f2071756f");
    String plain =
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61" + "deadbeef".repeat(5);
    try (Arena arena = Arena.ofConfined();
        SrtpCipher cipher = backEnd.create(SrtpProfile.AEAD_AES_128_GCM, keys, keys)) {
      MemorySegment memory = memory(arena, plain);

      int bytes = cipher.protectRtcp(memory, 0, plain.length() / 2, 0x4d617273, 0x5d4);

      assertThat(hex(memory, 0, bytes))
          .isEqualTo(
              "81c8000d4d617273"
                  + "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
                  + "c84aa45896cf4d2fc5abf87245d9eade"
                  + "800005d4");
      assertThat(cipher.unprotectRtcp(memory, 0, bytes, 0x4d617273, 0x5d4)).isEqualTo(plain.length() / 2);
      assertThat(hex(memory, 0, plain.length() / 2)).isEqualTo(plain);
    }
  }

  private static String protectRtp(
      BackEnds backEnd, SrtpProfile profile, SessionKeys keys, String header, String payload, int ssrc, long index) {
    int headerBytes = header.length() / 2;
    int payloadBytes = payload.length() / 2;
    try (Arena arena = Arena.ofConfined();
        SrtpCipher cipher = backEnd.create(profile, keys, keys)) {
      MemorySegment memory = memory(arena, header + payload);
      SrtpCipherFactory worker = backEnd.factory().forWorker();
      worker.takeOver(cipher);
      int bytes = cipher.protectRtp(memory, 0, headerBytes, headerBytes, payloadBytes, AREA, ssrc, index);
      worker.completePackets();
      String packet = hex(memory, AREA, bytes);
      assertThat(cipher.unprotectRtp(memory, AREA, headerBytes, bytes, ssrc, index))
          .isEqualTo(headerBytes + payloadBytes);
      assertThat(hex(memory, AREA, headerBytes + payloadBytes)).isEqualTo(header + payload);
      return packet;
    }
  }

  private static SessionKeys keys(String key, String salt) {
    return new SessionKeys(HEX.parseHex(key), new byte[20], HEX.parseHex(salt));
  }

  private static MemorySegment memory(Arena arena, String content) {
    MemorySegment memory = arena.allocate(2 * AREA);
    memory.copyFrom(MemorySegment.ofArray(HEX.parseHex(content)));
    return memory;
  }

  private static String hex(MemorySegment memory, long offset, int bytes) {
    return HEX.formatHex(memory.asSlice(offset, bytes).toArray(JAVA_BYTE));
  }
}
