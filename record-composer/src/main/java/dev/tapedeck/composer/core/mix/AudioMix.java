package dev.tapedeck.composer.core.mix;

import java.util.Arrays;

/** A window of stereo samples into which any number of tracks are summed; what nobody fills is silence. */
public final class AudioMix {
  public static final int CHANNELS = 2;

  private final float[] window;
  private long firstSample;

  /** @param windowSamples length of the window, in samples of each channel */
  public AudioMix(int windowSamples) {
    window = new float[windowSamples * CHANNELS];
  }

  /** Empties the window and moves it.
   *  @param sample first sample it covers on the recording's axis */
  public void moveTo(long sample) {
    Arrays.fill(window, 0);
    firstSample = sample;
  }

  /** First sample after the window. */
  public long endSample() {
    return firstSample + window.length / CHANNELS;
  }

  /** Adds the part of {@code stereo} that falls into the window.
   *  @param sample where its first sample lies on the recording's axis
   *  @param stereo left and right in turn */
  public void add(long sample, float[] stereo) {
    long from = Math.max(sample, firstSample);
    long to = Math.min(sample + stereo.length / CHANNELS, endSample());
    for (long at = from; at < to; at++) {
      int target = (int) (at - firstSample) * CHANNELS;
      int source = (int) (at - sample) * CHANNELS;
      window[target] += stereo[source];
      window[target + 1] += stereo[source + 1];
    }
  }

  /** The summed samples, not limited; valid until {@link #moveTo}. */
  public float[] window() {
    return window;
  }

  /** Makes a placed frame of a decoded one: stereo, and of the length its place asks for.
   *  @param samples  interleaved
   *  @param channels of {@code samples}, 1 or 2 */
  public static float[] fit(float[] samples, int channels, SamplePlacement.Place place) {
    int available = samples.length / channels - place.skipped();
    float[] stereo = new float[place.length() * CHANNELS];
    double step = place.length() <= 1 ? 0 : (double) (available - 1) / (place.length() - 1);
    for (int i = 0; i < place.length(); i++) {
      double position = i * step;
      int before = (int) position;
      int after = Math.min(before + 1, available - 1);
      float share = (float) (position - before);
      for (int channel = 0; channel < CHANNELS; channel++) {
        int from = Math.min(channel, channels - 1);
        float a = samples[(place.skipped() + before) * channels + from];
        float b = samples[(place.skipped() + after) * channels + from];
        stereo[i * CHANNELS + channel] = a + (b - a) * share;
      }
    }
    return stereo;
  }
}
