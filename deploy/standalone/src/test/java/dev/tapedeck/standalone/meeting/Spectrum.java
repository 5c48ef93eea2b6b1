package dev.tapedeck.standalone.meeting;

import java.util.ArrayList;
import java.util.List;

/** Single frequencies of a sound (Goertzel's algorithm). */
final class Spectrum {
  private static final double RATE = FfmpegTools.SAMPLE_RATE;

  private Spectrum() {}

  /** Amplitude of one frequency between two instants; a full-scale sine has 1. */
  static double amplitude(float[] samples, double fromSeconds, double toSeconds, double hertz) {
    int from = (int) (fromSeconds * RATE);
    int to = Math.min(samples.length, (int) (toSeconds * RATE));
    double turn = 2 * Math.PI * hertz / RATE;
    double coefficient = 2 * Math.cos(turn);
    double last = 0;
    double before = 0;
    double weights = 0;
    for (int i = from; i < to; i++) {
      double weight = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from) / (to - from));
      double now = weight * samples[i] + coefficient * last - before;
      before = last;
      last = now;
      weights += weight;
    }
    return 2 * Math.sqrt(Math.max(0, last * last + before * before - coefficient * last * before))
        / Math.max(1, weights);
  }

  /** When a frequency begins to sound, in seconds; good to a few milliseconds. */
  static List<Double> onsets(float[] samples, double hertz, double threshold) {
    double window = 0.02;
    double hop = 0.0025;
    List<Double> onsets = new ArrayList<>();
    boolean sounds = false;
    for (double at = 0; (at + window) * RATE < samples.length; at += hop) {
      double amplitude = amplitude(samples, at, at + window, hertz);
      if (!sounds && amplitude > threshold) {
        onsets.add(at + window / 2);
      }
      // Two thresholds, so that a wavering level is one sound.
      sounds = amplitude > (sounds ? threshold / 2 : threshold);
    }
    return onsets;
  }
}
