package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.io.media.AudioEncoder;
import dev.tapedeck.composer.io.media.MediaException;
import java.util.ArrayDeque;
import java.util.Queue;

/** The sound of a synthetic participant as mono Opus in frames of 20 ms, encoded as it is read. The first frame's time
 *  is below 0 by the encoder's pre-skip. */
public final class SynthAudio implements FrameSource {
  private static final int BITS_PER_SECOND = 48_000;

  private final int hz;
  private final long totalSamples;
  private final AudioEncoder encoder;
  private final Queue<EncodedFrame> ready = new ArrayDeque<>();
  private long nextSample;
  private boolean finished;

  public SynthAudio(SynthSpec spec) throws MediaException {
    hz = SynthSpec.toneHz(spec.participant());
    totalSamples = (long) spec.seconds() * OpusHead.SAMPLE_RATE;
    encoder = new AudioEncoder(1, BITS_PER_SECOND);
  }

  @Override
  public StreamInfo info() {
    return encoder.info();
  }

  @Override
  public EncodedFrame next() throws MediaException {
    while (ready.isEmpty() && !finished) {
      if (nextSample < totalSamples) {
        float[] samples = SynthTone.samples(hz, nextSample, AudioEncoder.FRAME_SAMPLES);
        ready.addAll(encoder.encode(samples, samples.length));
        nextSample += samples.length;
      } else {
        finished = true;
        ready.addAll(encoder.finish());
      }
    }
    return ready.poll();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
