package dev.tapedeck.bench.client.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class HeaderExtensionsTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsBackWhatWasWritten(boolean twoByteForm) {
    byte[] packet = new byte[200];
    int offset = new HeaderExtensions(twoByteForm).addText(4, "mid-7").addU16(3, 0xabcd).addU24(2, 0x123456).addU8(1, 7)
        .writeHeader(packet, true, 111, 65_535, 0xfffffff0L, 0x80000001);
    packet[offset] = 42;
    RtpPacket view = new RtpPacket();

    assertThat(view.parse(packet, offset + 1)).isTrue();
    assertThat(view.hasMarker()).isTrue();
    assertThat(view.payloadType()).isEqualTo(111);
    assertThat(view.sequenceNumber()).isEqualTo(65_535);
    assertThat(view.timestamp()).isEqualTo(0xfffffff0L);
    assertThat(view.ssrc()).isEqualTo(0x80000001);
    assertThat(view.payloadBytes()).isEqualTo(1);
    int mid = view.findExtension(4);
    assertThat(new String(packet, mid, view.foundLength(), StandardCharsets.UTF_8)).isEqualTo("mid-7");
    assertThat(Ints.u16(packet, view.findExtension(3))).isEqualTo(0xabcd);
    assertThat(Ints.u24(packet, view.findExtension(2))).isEqualTo(0x123456);
    assertThat(packet[view.findExtension(1)]).isEqualTo((byte) 7);
    assertThat(view.findExtension(9)).isEqualTo(-1);
  }

  @Test
  void writesTheOneByteFormOfRfc8285() {
    byte[] packet = new byte[64];
    int offset = new HeaderExtensions(false).addU16(3, 0x0102).writeHeader(packet, false, 96, 1, 2, 3);

    assertThat(Arrays.copyOfRange(packet, 12, offset))
        .containsExactly(0xBE, 0xDE, 0, 1, 0x31, 0x01, 0x02, 0);
  }

  @Test
  void noCutPacketIsReadBeyondItsEnd() {
    byte[] packet = new byte[64];
    int length = new HeaderExtensions(false).addText(4, "abc").addU16(3, 1).writeHeader(packet, false, 96, 1, 2, 3);
    RtpPacket view = new RtpPacket();
    for (int cut = 0; cut < length; cut++) {
      byte[] torn = Arrays.copyOf(packet, cut);
      assertThat(view.parse(torn, cut)).as("cut at " + cut).isFalse();
    }
  }
}
