package dev.tapedeck.media.core.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a second, bitwise CRC32c, which itself is held against the vectors of RFC 3720 §B.4. */
class SctpChecksumTest {
  @Test
  void theBitwiseOneAgreesWithTheVectors() {
    byte[] ascending = new byte[32];
    byte[] descending = new byte[32];
    for (int i = 0; i < 32; i++) {
      ascending[i] = (byte) i;
      descending[i] = (byte) (31 - i);
    }
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xFF);
    assertThat(bitwise(new byte[32])).isEqualTo(0x8A9136AA);
    assertThat(bitwise(ones)).isEqualTo(0x62A8AB43);
    assertThat(bitwise(ascending)).isEqualTo(0x46DD794E);
    assertThat(bitwise(descending)).isEqualTo(0x113FDB5C);
  }

  @Test
  void agreesWithTheBitwiseOneAndReadsItsOwn() {
    SplittableRandom random = new SplittableRandom(1);
    SctpChecksum checksum = new SctpChecksum();
    for (int i = 0; i < 500; i++) {
      byte[] packet = new byte[16 + random.nextInt(1200)];
      random.nextBytes(packet);
      MemorySegment memory = MemorySegment.ofArray(packet);
      Bytes.put32(memory, 8, 0);
      int expected = bitwise(packet);
      checksum.write(memory, 0, packet.length);
      assertThat(Integer.reverseBytes(Bytes.i32(memory, 8))).isEqualTo(expected); // least significant byte first
      assertThat(checksum.isRight(memory, 0, packet.length)).isTrue();
      packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(checksum.isRight(memory, 0, packet.length)).isFalse();
    }
  }

  /** Polynomial 0x1EDC6F41, here mirrored, as the shift register of RFC 9260 appendix A takes it. */
  private static int bitwise(byte[] bytes) {
    int crc = -1;
    for (byte next : bytes) {
      crc ^= next & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82F63B78 : crc >>> 1;
      }
    }
    return ~crc;
  }
}
