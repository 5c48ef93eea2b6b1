package dev.tapedeck.composer.check;

import dev.tapedeck.composer.core.media.OpusHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells which of a set of pure tones sound when (Goertzel's algorithm over windows of 100 ms, Hann weighted). */
final class ToneDetector {
  private static final int RATE = OpusHead.SAMPLE_RATE;
  private static final int WINDOW_SAMPLES = RATE / 10;
  private static final int HOP_SAMPLES = RATE / 20;
  private static final double[] HANN = hann(WINDOW_SAMPLES);
  /** A tone of a synthetic participant has 0.1; what codec and limiter leave of others stays far below this. */
  private static final double AUDIBLE = 0.02;

  private static final class Sounding {
    final long fromSample;
    long windows;
    double sum;

    Sounding(long fromSample) {
      this.fromSample = fromSample;
    }
  }

  private final int[] candidatesHz;
  private final float[] window = new float[WINDOW_SAMPLES];
  private final Map<Integer, Sounding> sounding = new TreeMap<>();
  private final List<FileReport.Tone> tones = new ArrayList<>();
  private int filled;
  private long windowStart;

  ToneDetector(int... candidatesHz) {
    this.candidatesHz = candidatesHz.clone();
  }

  /** Takes the next samples, mono. */
  void add(float[] samples) {
    for (float sample : samples) {
      window[filled++] = sample;
      if (filled == WINDOW_SAMPLES) {
        measureWindow();
        System.arraycopy(window, HOP_SAMPLES, window, 0, WINDOW_SAMPLES - HOP_SAMPLES);
        filled = WINDOW_SAMPLES - HOP_SAMPLES;
        windowStart += HOP_SAMPLES;
      }
    }
  }

  /** Ends the measurement.
   *  @return tones in the order they ended; a tone that stopped and came back is listed again */
  List<FileReport.Tone> finish() {
    for (int hz : List.copyOf(sounding.keySet())) {
      end(hz, windowStart + filled);
    }
    return tones;
  }

  private void measureWindow() {
    for (int hz : candidatesHz) {
      double amplitude = amplitude(window, 0, HANN, hz);
      if (amplitude >= AUDIBLE) {
        // A tone half way into a window is already audible, so it began about there.
        Sounding tone = sounding.computeIfAbsent(hz,
            key -> new Sounding(windowStart == 0 ? 0 : windowStart + WINDOW_SAMPLES / 2));
        tone.windows++;
        tone.sum += amplitude;
      } else if (sounding.containsKey(hz)) {
        end(hz, windowStart + WINDOW_SAMPLES / 2);
      }
    }
  }

  private void end(int hz, long atSample) {
    Sounding tone = sounding.remove(hz);
    double amplitude = Math.round(tone.sum / tone.windows * 1000) / 1000.0;
    tones.add(new FileReport.Tone(hz, tone.fromSample * 1000 / RATE, atSample * 1000 / RATE, amplitude));
  }

  /** @param weights a Hann window of as many samples as are looked at
   *  @return the amplitude of one frequency in the samples beginning at {@code from}; 1 is full scale */
  static double amplitude(float[] samples, int from, double[] weights, int hz) {
    double coefficient = 2 * Math.cos(2 * Math.PI * hz / RATE);
    double s1 = 0;
    double s2 = 0;
    for (int i = 0; i < weights.length; i++) {
      double s0 = samples[from + i] * weights[i] + coefficient * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    double power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
    // A Hann window passes half the amplitude, a real sine shows half of that at its positive frequency.
    return Math.sqrt(Math.max(0, power)) * 4 / weights.length;
  }

  static double[] hann(int samples) {
    double[] weights = new double[samples];
    for (int i = 0; i < samples; i++) {
      weights[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (samples - 1));
    }
    return weights;
  }
}
