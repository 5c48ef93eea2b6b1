package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Packets of 960 bytes, with what they cost beside that 1,000: every 10 ms 800 kbit/s. */
class LayerRatesTest {
  private static final long MILLIS = 1_000_000L;

  private final LayerRates rates = new LayerRates();
  private long nowNanos = 5_000 * MILLIS;

  @Test
  void theFirstQuestionIsAnswered() {
    play(150, 10);
    assertThat(rates.bitsPerSecond(nowNanos, 0)).isEqualTo(800_000);
  }

  /** Nobody asks while there is no shortage; then it is about now, not about the hour before. */
  @Test
  void theAnswerIsAboutTheLastSecond() {
    play(3_600 * 20, 50);
    play(250, 10);
    assertThat(rates.bitsPerSecond(nowNanos, 0)).isEqualTo(800_000);
  }

  @Test
  void whatStoppedHasNoRate() {
    play(150, 10);
    nowNanos += 1_000 * MILLIS;
    rates.bitsPerSecond(nowNanos, 0);
    nowNanos += 1_000 * MILLIS;
    assertThat(rates.bitsPerSecond(nowNanos, 0)).isZero();
  }

  @Test
  void anUpperLayerHoldsTheLowerOnes() {
    for (int i = 0; i < 300; i++) {
      rates.note(nowNanos += 10 * MILLIS, i % 2, 960);
    }
    assertThat(rates.bitsPerSecond(nowNanos, 0)).isEqualTo(400_000);
    assertThat(rates.bitsPerSecond(nowNanos, 1)).isEqualTo(800_000);
  }

  private void play(int packets, int everyMillis) {
    for (int i = 0; i < packets; i++) {
      rates.note(nowNanos += everyMillis * MILLIS, 0, 960);
    }
  }
}
