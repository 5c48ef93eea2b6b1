package dev.tapedeck.media.core.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.NtpTime;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class SenderReportTest {
  private static final long WALL = 1_795_000_000_000_000_000L;

  private final SenderReport report = new SenderReport(0xaaaa, 90_000);
  private final MemorySegment memory = MemorySegment.ofArray(new byte[28]);

  @Test
  void tellsTheRtpTimeOfTheMomentItIsWritten() {
    report.onPacket(1000);
    report.onPacket(200);
    report.map(WALL, -90_000);

    assertThat(report.write(WALL + 1_500_000_000L, memory, 0, 28)).isEqualTo(28);
    assertThat(RtcpEvents.read(memory)).containsExactly("SR aaaa ntp %016x rtp %x packets 2 octets 1200 at 0+28"
        .formatted(NtpTime.fromUnixNanos(WALL + 1_500_000_000L), 45_000), "well-formed");
    assertThat(report.rtpTimestampAt(WALL - 1_000_000_000L)).isEqualTo(-180_000);
  }

  @Test
  void isSilentBeforeThereIsSomethingToTell() {
    assertThat(report.write(WALL, memory, 0, 28)).isZero();
    report.onPacket(1);
    assertThat(report.write(WALL, memory, 0, 28)).isZero();
    report.map(WALL, 0);
    assertThat(report.write(WALL, memory, 0, 27)).isZero();
    assertThat(report.write(WALL, memory, 0, 28)).isEqualTo(28);
    report.clearMapping();
    assertThat(report.write(WALL, memory, 0, 28)).isZero();
  }

  @Test
  void computesTheRoundTrip() {
    int lastSenderReport = NtpTime.middle32(NtpTime.fromUnixNanos(WALL));
    int delay = NtpTime.toShortFormat(200_000_000L);

    assertThat(SenderReport.roundTripNanos(WALL + 250_000_000L, lastSenderReport, delay))
        .isBetween(49_960_000L, 50_040_000L);
    assertThat(SenderReport.roundTripNanos(WALL + 100_000_000L, lastSenderReport, delay))
        .isEqualTo(SenderReport.UNKNOWN);
    assertThat(SenderReport.roundTripNanos(WALL, 0, 0)).isEqualTo(SenderReport.UNKNOWN);
  }
}
