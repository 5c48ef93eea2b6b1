package dev.tapedeck.bench.client.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.rtp.HeaderExtensions;
import dev.tapedeck.bench.client.rtp.RtpPacket;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpSessionTest {
  private static final int SSRC = 0xdeadbeef;

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void theFarSideReadsRtpOverAWrapOfSequenceNumbers(SrtpProtection protection) {
    SrtpMasterKeys keys = keys(protection);
    try (SrtpSession client = new SrtpSession(keys, true); SrtpSession server = new SrtpSession(keys, false)) {
      for (int i = 0; i < 100; i++) {
        byte[] packet = new byte[200];
        int length = rtp(packet, 65_500 + i & 0xffff);
        byte[] plain = Arrays.copyOf(packet, length);

        int protectedLength = client.protectRtp(packet, length, SSRC);
        assertThat(Arrays.copyOfRange(packet, 12, length)).isNotEqualTo(Arrays.copyOfRange(plain, 12, length));

        assertThat(server.unprotectRtp(packet, protectedLength, SSRC)).isEqualTo(length);
        assertThat(Arrays.copyOf(packet, length)).isEqualTo(plain);
      }
      assertThat(server.rejectedPackets()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void theFarSideReadsRtcp(SrtpProtection protection) {
    SrtpMasterKeys keys = keys(protection);
    try (SrtpSession client = new SrtpSession(keys, true); SrtpSession server = new SrtpSession(keys, false)) {
      byte[] packet = new byte[64];
      byte[] report = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 5};
      System.arraycopy(report, 0, packet, 0, report.length);

      int protectedLength = client.protectRtcp(packet, report.length, 5);

      assertThat(protectedLength).isGreaterThan(report.length);
      assertThat(server.unprotectRtcp(packet, protectedLength, 5)).isEqualTo(report.length);
      assertThat(Arrays.copyOf(packet, report.length)).isEqualTo(report);
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void rejectsForgedAndReplayedPackets(SrtpProtection protection) {
    SrtpMasterKeys keys = keys(protection);
    try (SrtpSession client = new SrtpSession(keys, true); SrtpSession server = new SrtpSession(keys, false)) {
      byte[] packet = new byte[200];
      int length = client.protectRtp(packet, rtp(packet, 7), SSRC);
      byte[] replay = packet.clone();
      byte[] forged = packet.clone();
      forged[20] ^= 1;

      assertThat(server.unprotectRtp(forged, length, SSRC)).isEqualTo(-1);
      assertThat(server.unprotectRtp(packet, length, SSRC)).isPositive();
      assertThat(server.unprotectRtp(replay, length, SSRC)).isEqualTo(-1);
      assertThat(server.rejectedPackets()).isEqualTo(2);
    }
  }

  private static SrtpMasterKeys keys(SrtpProtection protection) {
    byte[] material = new byte[protection.exportedBytes()];
    new Random(42).nextBytes(material);
    return SrtpMasterKeys.cut(protection, material);
  }

  private static int rtp(byte[] packet, int sequenceNumber) {
    new Random(sequenceNumber).nextBytes(packet);
    int offset = new HeaderExtensions(false).addText(4, "0").addU16(3, 9)
        .writeHeader(packet, true, 96, sequenceNumber, 1234, SSRC);
    assertThat(new RtpPacket().parse(packet, offset + 100)).isTrue();
    return offset + 100;
  }
}
