package dev.tapedeck.media.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PacketKindTest {
  private static PacketKind of(int first, int second, int length) {
    byte[] bytes = new byte[Math.max(length, 2)];
    bytes[0] = (byte) first;
    bytes[1] = (byte) second;
    return PacketKind.of(MemorySegment.ofArray(bytes), 0, length);
  }

  /** The table of RFC 7983 §7, and RFC 5761 §4 for what it leaves to the second byte. */
  @Test
  void firstBytesTellEveryKind() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        PacketKind expected = first <= 3 ? PacketKind.STUN
            : first >= 20 && first <= 63 ? PacketKind.DTLS
            : first < 128 || first > 191 ? PacketKind.UNKNOWN
            : second >= 192 && second <= 223 ? PacketKind.RTCP : PacketKind.RTP;
        assertThat(of(first, second, 20)).as("%d, %d", first, second).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatIsTooShortIsNothing() {
    assertThat(of(0x80, 96, 0)).isEqualTo(PacketKind.UNKNOWN);
    assertThat(of(0x80, 96, 7)).isEqualTo(PacketKind.UNKNOWN);
    assertThat(of(0x80, 200, 8)).isEqualTo(PacketKind.RTCP);
  }
}
