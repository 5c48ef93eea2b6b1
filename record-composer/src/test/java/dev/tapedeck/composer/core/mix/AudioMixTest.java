package dev.tapedeck.composer.core.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioMixTest {
  private static final Offset<Float> EXACT = within(1e-6f);

  @Test
  void sumsWhatFallsIntoTheWindow() {
    AudioMix mix = new AudioMix(4);
    mix.moveTo(100);
    mix.add(98, new float[] {1, 1, 2, 2, .1f, .2f});
    mix.add(101, new float[] {.3f, .3f, .4f, .4f, .5f, .5f, 9, 9});
    assertThat(mix.window()).containsExactly(new float[] {.1f, .2f, .3f, .3f, .4f, .4f, .5f, .5f}, EXACT);
    mix.moveTo(104);
    assertThat(mix.window()).containsOnly(0f);
  }

  @Test
  void monoIsHeardOnBothSidesAndStretchedToItsPlace() {
    float[] fitted = AudioMix.fit(new float[] {0, 1, 2, 3}, 1, new SamplePlacement.Place(0, 7, 0));
    assertThat(fitted).containsExactly(
        new float[] {0, 0, .5f, .5f, 1, 1, 1.5f, 1.5f, 2, 2, 2.5f, 2.5f, 3, 3}, EXACT);
    assertThat(AudioMix.fit(new float[] {1, 2, 3, 4}, 2, new SamplePlacement.Place(0, 1, 1)))
        .containsExactly(new float[] {3, 4}, EXACT);
  }

  @Test
  void framesWithinTheSeamJoinWithoutHole() {
    SamplePlacement placement = new SamplePlacement();
    assertThat(placement.place(0, 960)).isEqualTo(new SamplePlacement.Place(0, 960, 0));
    assertThat(placement.place(961, 960)).isEqualTo(new SamplePlacement.Place(960, 961, 0));
    assertThat(placement.place(1919, 960)).isEqualTo(new SamplePlacement.Place(1921, 958, 0));
  }

  @Test
  void gapsAndOverlapsAreKeptApart() {
    SamplePlacement placement = new SamplePlacement();
    placement.place(0, 960);
    assertThat(placement.place(48_000, 960)).isEqualTo(new SamplePlacement.Place(48_000, 960, 0));
    assertThat(placement.place(48_360, 960)).isEqualTo(new SamplePlacement.Place(48_960, 360, 600));
    assertThat(placement.place(40_000, 960)).isEqualTo(new SamplePlacement.Place(49_320, 0, 960));
  }

  @Test
  void driftingClockIsFollowedWithoutJump() {
    SamplePlacement placement = new SamplePlacement();
    long expected = 0;
    for (int i = 0; i < 10_000; i++) {
      long sample = Math.round(i * 960 * 1.000_3);
      SamplePlacement.Place place = placement.place(sample, 960);
      assertThat(place.sample()).isEqualTo(expected).isCloseTo(sample, within(4L));
      expected = place.sample() + place.length();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void limiterNeverExceedsItsCeilingAndLeavesQuietSoundAlone(long seed) {
    Random random = new Random(seed);
    Limiter limiter = new Limiter(2);
    List<float[]> in = new ArrayList<>();
    List<float[]> out = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      float loudness = random.nextInt(10) == 0 ? 5 * random.nextFloat() : 0.5f;
      float[] window = new float[1920];
      for (int j = 0; j < window.length; j++) {
        window[j] = loudness * (2 * random.nextFloat() - 1);
      }
      in.add(window.clone());
      limiter.push(window).ifPresent(out::add);
    }
    limiter.finish().ifPresent(out::add);
    assertThat(limiter.finish()).isEmpty();
    assertThat(out).hasSameSizeAs(in);
    for (float[] window : out) {
      float peak = 0;
      for (float sample : window) {
        peak = Math.max(peak, Math.abs(sample));
      }
      assertThat(peak).as("seed %d", seed).isLessThanOrEqualTo(Limiter.CEILING + 1e-5f);
    }
    Limiter idle = new Limiter(1);
    idle.push(new float[] {.5f, -.9f});
    assertThat(idle.finish().orElseThrow()).containsExactly(new float[] {.5f, -.9f}, EXACT);
  }
}
