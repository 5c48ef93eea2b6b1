package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.OpusHead;

/** The sound of a synthetic participant: a pure tone, three times as loud in the first 50 ms of each second. That tick
 *  falls on the picture whose counter is a multiple of the frame rate, which shows whether picture and sound are
 *  together. */
public final class SynthTone {
  /** How much of each second is loud. */
  public static final int TICK_MILLIS = 50;
  static final float QUIET = 0.1f;
  static final float LOUD = 0.3f;
  private static final int RATE = OpusHead.SAMPLE_RATE;
  private static final int TICK_SAMPLES = TICK_MILLIS * RATE / 1000;
  /** 2 ms from quiet to loud, so that the step makes no click. */
  private static final int RAMP_SAMPLES = 96;

  private SynthTone() {}

  /** @param from  first sample, counted from the start of the clip
   *  @param count samples
   *  @return mono samples of -1..1 */
  public static float[] samples(int hz, long from, int count) {
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      long sample = from + i;
      // The phase from the sample within the second: whole hertz fit a second, and doubles stay exact for days.
      double phase = 2 * Math.PI * hz * (sample % RATE) / RATE;
      samples[i] = (float) (Math.sin(phase) * amplitude((int) (sample % RATE)));
    }
    return samples;
  }

  private static float amplitude(int inSecond) {
    // The middle of each ramp lies on the border itself.
    int distance = inSecond >= RATE / 2 ? RATE - inSecond : Math.min(inSecond, TICK_SAMPLES - inSecond);
    int inside = inSecond >= RATE / 2 ? -distance : distance;
    float share = Math.clamp(0.5f + (float) inside / RAMP_SAMPLES, 0f, 1f);
    return QUIET + (LOUD - QUIET) * share;
  }
}
