package dev.tapedeck.composer.core.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeBaseTest {

  @Test
  void roundsToTheNearestTick() {
    TimeBase millis = new TimeBase(1, 1_000);
    assertThat(millis.fromNanos(33_333_333)).isEqualTo(33);
    assertThat(millis.fromNanos(66_666_667)).isEqualTo(67);
    assertThat(millis.fromNanos(-6_500_000)).isEqualTo(-7);
    assertThat(millis.toNanos(67)).isEqualTo(67_000_000);
  }

  @Test
  void framesOfAnyRateComeBack() {
    for (int rate : new int[] {1, 24, 25, 30, 60, 90_000, 48_000}) {
      TimeBase timeBase = TimeBase.perSecond(rate);
      for (long tick : new long[] {0, 1, 2, 29, 1_000_003, 1_000_000_007L}) {
        assertThat(timeBase.fromNanos(timeBase.toNanos(tick))).as("tick %d at %d", tick, rate).isEqualTo(tick);
      }
    }
  }

  @Test
  void fractionalRatesAreExactOverADay() {
    TimeBase ntsc = new TimeBase(1_001, 30_000);
    assertThat(ntsc.toNanos(30_000)).isEqualTo(1_001_000_000_000L);
    assertThat(ntsc.fromNanos(86_400_000_000_000L)).isEqualTo(2_589_411);
  }
}
