package dev.tapedeck.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.process.JvmFacts;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
  private static final long MIB = 1 << 20;

  @Test
  void noiseIsFlat() {
    assertThat(report(i -> new JvmFacts(30 * MIB + i % 2 * MIB / 4, 90 * MIB, 0, 0, 30 + (int) i % 3, 60)).isFlat())
        .isTrue();
  }

  @Test
  void eachThingThatGrowsIsSeen() {
    assertThat(report(i -> new JvmFacts(30 * MIB + i * MIB, 0, 0, 0, 30, 60)).isFlat()).isFalse();
    assertThat(report(i -> new JvmFacts(30 * MIB, i * 6 * MIB, 0, 0, 30, 60)).isFlat()).isFalse();
    assertThat(report(i -> new JvmFacts(30 * MIB, 0, 0, 0, 30 + (int) i * 3, 60)).isFlat()).isFalse();
    assertThat(report(i -> new JvmFacts(30 * MIB, 0, 0, 0, 30, 60 + (int) i * 3)).isFlat()).isFalse();
  }

  private static SoakReport report(LongFunction<JvmFacts> facts) {
    List<SoakSample> samples =
        LongStream.range(0, 6).mapToObj(i -> new SoakSample((int) i, facts.apply(i))).toList();
    return new SoakReport(6, samples, Map.of());
  }
}
