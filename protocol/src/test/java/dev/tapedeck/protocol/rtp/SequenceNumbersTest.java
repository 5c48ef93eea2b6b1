package dev.tapedeck.protocol.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceNumbersTest {
  @Test
  void comparesRoundTheWrap() {
    assertThat(SequenceNumbers.distance(65535, 0)).isEqualTo(1);
    assertThat(SequenceNumbers.distance(0, 65535)).isEqualTo(-1);
    assertThat(SequenceNumbers.isNewer(5, 65530)).isTrue();
    assertThat(SequenceNumbers.isNewer(65530, 5)).isFalse();
    assertThat(SequenceNumbers.isNewer(7, 7)).isFalse();
    assertThat(SequenceNumbers.isNewer(0, 32768)).isFalse();
    assertThat(SequenceNumbers.isNewer(32768, 0)).isFalse();
    assertThat(SequenceNumbers.plus(65535, 2)).isEqualTo(1);
    assertThat(SequenceNumbers.plus(1, -2)).isEqualTo(65535);
  }
}
