package dev.tapedeck.protocol.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NtpTimeTest {
  @Test
  void countsSecondsFrom1900() {
    assertThat(NtpTime.fromUnixNanos(0)).isEqualTo(2_208_988_800L << 32);
    assertThat(NtpTime.fromUnixNanos(500_000_000)).isEqualTo(2_208_988_800L << 32 | 0x8000_0000L);
    assertThat(NtpTime.fromUnixNanos(-250_000_000)).isEqualTo(2_208_988_799L << 32 | 0xC000_0000L);
  }

  @Test
  void goesOnAfterTheEraEndsIn2036() {
    long before = nanos("2036-02-07T06:28:15.5Z");
    long after = nanos("2036-02-07T06:28:16.5Z");

    assertThat(NtpTime.fromUnixNanos(before)).isEqualTo(0xFFFF_FFFF_8000_0000L);
    assertThat(NtpTime.fromUnixNanos(after)).isEqualTo(0x0000_0000_8000_0000L);
    assertThat(NtpTime.toUnixNanos(0xFFFF_FFFF_8000_0000L)).isEqualTo(before);
    assertThat(NtpTime.toUnixNanos(0x0000_0000_8000_0000L)).isEqualTo(after);
  }

  @Test
  void comesBackWithinANanosecond() {
    SplittableRandom random = new SplittableRandom(1);
    long from = nanos("1968-02-01T00:00:00Z");
    long to = nanos("2104-01-01T00:00:00Z");
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong(from, to);
      assertThat(nanos - NtpTime.toUnixNanos(NtpTime.fromUnixNanos(nanos))).isBetween(0L, 1L);
    }
  }

  /** The numbers of RFC 3550 §6.4.1, figure 2: SR, report and RTT calculation. */
  @Test
  void computesTheRoundTripOfTheRfc() {
    int lastSenderReport = NtpTime.middle32(0xb44d_b705_2000_0000L);
    int delay = NtpTime.toShortFormat(5_250_000_000L);
    int arrival = 0xb710_8000;

    assertThat(lastSenderReport).isEqualTo(0xb705_2000);
    assertThat(delay).isEqualTo(0x0005_4000);
    assertThat(NtpTime.shortFormatToNanos(arrival - delay - lastSenderReport)).isEqualTo(6_125_000_000L);
  }

  @Test
  void countsAbsSendTimeModulo64Seconds() {
    assertThat(NtpTime.absSendTime(0)).isZero();
    assertThat(NtpTime.absSendTime(1_000_000_000)).isEqualTo(1 << 18);
    assertThat(NtpTime.absSendTime(63_999_999_999L)).isEqualTo(0xFF_FFFF);
    assertThat(NtpTime.absSendTime(64_000_000_000L)).isZero();

    int early = NtpTime.absSendTime(63_900_000_000L);
    int late = NtpTime.absSendTime(64_100_000_000L);
    assertThat(NtpTime.absSendTimeDeltaNanos(early, late)).isBetween(199_990_000L, 200_010_000L);
    assertThat(NtpTime.absSendTimeDeltaNanos(late, early)).isBetween(-200_010_000L, -199_990_000L);
  }

  private static long nanos(String instant) {
    Instant at = Instant.parse(instant);
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }
}
