package dev.tapedeck.media.core.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketIndexTest {
  @ParameterizedTest(name = "{0}: after {1}, sequence number {2} means {3}")
  @CsvSource({
    "first packet,             -1,     40000, 40000",
    "next,                     0x1FFFE, 65535, 0x1FFFF",
    "wrap,                     0x1FFFF, 0,     0x20000",
    "lost around the wrap,     0x1FFF0, 20,    0x20014",
    "late over the wrap,       0x20003, 65530, 0x1FFFA",
    "late without wrap,        0x20100, 50,    0x20032",
    "half the range ahead,     0x20000, 32768, 0x28000",
    "more than half is behind, 0x20000, 32769, 0x18001",
    "before the start is none, 5,       40000, 40000",
    "last of all,              0xFFFFFFFFFFFE, 65535, 0xFFFFFFFFFFFF"
  })
  void isTheNearestToTheHighest(String what, String highest, int sequence, String index) {
    assertThat(PacketIndex.estimate(Long.decode(highest), sequence)).isEqualTo(Long.decode(index));
  }

  @Test
  void endsWithTheKey() {
    assertThat(PacketIndex.estimate(0xFFFF_FFFF_FFFFL, 0)).isEqualTo(-1);
  }
}
