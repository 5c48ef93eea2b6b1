package dev.tapedeck.composer.check;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.TimeBase;
import dev.tapedeck.composer.synth.SynthSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Listens to all decoded sound of a file on the file's own clock, with silence where the file has nothing. */
final class AudioCheck {
  private static final TimeBase SAMPLES = TimeBase.perSecond(OpusHead.SAMPLE_RATE);
  /** File clocks tick in milliseconds; only more than this is a hole. */
  private static final long HOLE_SAMPLES = 480;
  /** A day; more is a broken time stamp, not a hole. */
  private static final long MAX_HOLE_SAMPLES = 86_400L * OpusHead.SAMPLE_RATE;
  private static final int PARTICIPANTS = 32;

  private final ToneDetector tones =
      new ToneDetector(IntStream.range(0, PARTICIPANTS).map(SynthSpec::toneHz).toArray());
  private final TickFinder ticks = new TickFinder();
  private long samples;
  private float peak;
  private int frames;

  void add(EncodedFrame frame, float[] interleaved, int channels) {
    frames++;
    float[] mono = mono(interleaved, channels);
    long start = SAMPLES.fromNanos(frame.ptsNanos());
    if (start < 0) {
      // Pre-skip: decoded, not heard.
      int skipped = (int) Math.min(mono.length, -start);
      mono = Arrays.copyOfRange(mono, skipped, mono.length);
    } else if (start > samples + HOLE_SAMPLES && start < samples + MAX_HOLE_SAMPLES) {
      silence(start);
    }
    feed(mono);
  }

  int frames() {
    return frames;
  }

  /** Largest sample; above 1 it clips. */
  float peak() {
    return peak;
  }

  /** Ends listening. */
  List<FileReport.Tone> tones() {
    return tones.finish();
  }

  List<Long> ticks(int hz) {
    return ticks.ticks(hz);
  }

  private void silence(long untilSample) {
    while (samples < untilSample) {
      feed(new float[(int) Math.min(OpusHead.SAMPLE_RATE, untilSample - samples)]);
    }
  }

  private void feed(float[] mono) {
    for (float sample : mono) {
      peak = Math.max(peak, Math.abs(sample));
    }
    tones.add(mono);
    ticks.add(mono);
    samples += mono.length;
  }

  private static float[] mono(float[] interleaved, int channels) {
    float[] mono = new float[interleaved.length / channels];
    for (int i = 0; i < mono.length; i++) {
      for (int channel = 0; channel < channels; channel++) {
        mono[i] += interleaved[i * channels + channel] / channels;
      }
    }
    return mono;
  }
}
