package dev.tapedeck.composer.check;

import dev.tapedeck.composer.core.media.OpusHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds when the tone of a synthetic participant becomes loud, which it does at the start of each second of its clip.
 *  Good to about 3 ms. Looks at the first minute only. */
final class TickFinder {
  private static final int RATE = OpusHead.SAMPLE_RATE;
  private static final int MAX_SAMPLES = 60 * RATE;
  private static final int WINDOW_SAMPLES = RATE / 50;
  private static final int HOP_SAMPLES = RATE / 500;
  private static final double[] HANN = ToneDetector.hann(WINDOW_SAMPLES);
  /** Half way between quiet and three times as loud. */
  private static final double RISE = 2;
  private static final double AUDIBLE = 0.02;
  private static final long MIN_DISTANCE_NANOS = 500_000_000L;

  private float[] samples = new float[RATE];
  private int count;

  /** Takes the next samples, mono. */
  void add(float[] more) {
    int kept = Math.min(more.length, MAX_SAMPLES - count);
    if (count + kept > samples.length) {
      samples = Arrays.copyOf(samples, Math.min(MAX_SAMPLES, Math.max(2 * samples.length, count + kept)));
    }
    System.arraycopy(more, 0, samples, count, kept);
    count += kept;
  }

  /** @return times at which the tone rises from quiet to loud, in nanoseconds from the first sample */
  List<Long> ticks(int hz) {
    double[] envelope = new double[Math.max(0, (count - WINDOW_SAMPLES) / HOP_SAMPLES + 1)];
    for (int i = 0; i < envelope.length; i++) {
      envelope[i] = ToneDetector.amplitude(samples, i * HOP_SAMPLES, HANN, hz);
    }
    double[] audible = Arrays.stream(envelope).filter(amplitude -> amplitude >= AUDIBLE).sorted().toArray();
    if (audible.length == 0) {
      return List.of();
    }
    return rises(envelope, RISE * audible[audible.length / 2], audible[audible.length / 2] / 2);
  }

  /** A rise counts from a quiet, sounding tone only: a tone that starts out of silence is somebody joining. */
  private static List<Long> rises(double[] envelope, double level, double sounding) {
    int back = 2 * WINDOW_SAMPLES / HOP_SAMPLES;
    List<Long> rises = new ArrayList<>();
    for (int i = 1; i < envelope.length; i++) {
      boolean goesLoud = envelope[i - 1] < level && envelope[i] >= level;
      boolean joins = envelope[Math.max(0, i - back)] < sounding;
      if (goesLoud && !joins) {
        double part = (level - envelope[i - 1]) / (envelope[i] - envelope[i - 1]);
        double sample = (i - 1 + part) * HOP_SAMPLES + WINDOW_SAMPLES / 2.0;
        long nanos = (long) (sample * 1_000_000_000L / RATE);
        if (rises.isEmpty() || nanos - rises.getLast() >= MIN_DISTANCE_NANOS) {
          rises.add(nanos);
        }
      }
    }
    return rises;
  }
}
