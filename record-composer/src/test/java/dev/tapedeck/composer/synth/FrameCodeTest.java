package dev.tapedeck.composer.synth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodeTest {

  @Test
  void everyCodeIsReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      FrameCode code = new FrameCode(random.nextInt(256), random.nextInt(1 << 24));
      assertThat(FrameCode.parse(bits(code))).contains(code);
    }
  }

  @Test
  void oneWrongBlockIsNoticed() {
    long bits = bits(new FrameCode(3, 123_456));
    for (int i = 0; i < 40; i++) {
      assertThat(FrameCode.parse(bits ^ 1L << i)).as("block %d", i).isEmpty();
    }
  }

  @Test
  void blackAndWhiteAreNoCodes() {
    assertThat(FrameCode.parse(0)).isEmpty();
    assertThat(FrameCode.parse((1L << 40) - 1)).isEmpty();
  }

  @Test
  void coloursAreFarApart() {
    for (int a = 0; a < SynthColour.count(); a++) {
      for (int b = 0; b < SynthColour.count(); b++) {
        int distance = SynthColour.of(a).distanceTo(SynthColour.of(b));
        assertThat(distance > 4 * 20 * 20).as("colours %d and %d", a, b).isEqualTo(a != b);
      }
    }
  }

  private static long bits(FrameCode code) {
    long bits = 0;
    for (int i = 0; i < FrameCode.COLUMNS * FrameCode.ROWS; i++) {
      bits = bits << 1 | (code.bit(i) ? 1 : 0);
    }
    return bits;
  }
}
