package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.TimeBase;
import dev.tapedeck.composer.core.mix.AudioMix;
import dev.tapedeck.composer.core.mix.SamplePlacement;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/** One audio track of a composition: decodes what a window of the mix needs and adds it. Holds no more than the frames
 *  that reach into the window. */
final class AudioTrack implements AutoCloseable {
  private static final TimeBase SAMPLES = TimeBase.perSecond(OpusHead.SAMPLE_RATE);

  private record Block(long sample, float[] stereo) {
    long endSample() {
      return sample + stereo.length / AudioMix.CHANNELS;
    }
  }

  private final TrackFrames frames;
  private final AudioDecoder decoder;
  private final SamplePlacement placement = new SamplePlacement();
  private final ArrayDeque<Block> blocks = new ArrayDeque<>();

  AudioTrack(TrackFrames frames) throws MediaException {
    this.frames = frames;
    decoder = new AudioDecoder(frames.info());
  }

  TrackFrames frames() {
    return frames;
  }

  void addTo(AudioMix mix) {
    long endNanos = SAMPLES.toNanos(mix.endSample());
    for (Optional<EncodedFrame> next = frames.takeBefore(endNanos); next.isPresent();
        next = frames.takeBefore(endNanos)) {
      decode(next.get());
    }
    for (Iterator<Block> each = blocks.iterator(); each.hasNext();) {
      Block block = each.next();
      mix.add(block.sample(), block.stereo());
      if (block.endSample() <= mix.endSample()) {
        each.remove();
      }
    }
  }

  private void decode(EncodedFrame frame) {
    try {
      float[] samples = decoder.decode(frame);
      if (samples.length > 0) {
        SamplePlacement.Place place =
            placement.place(SAMPLES.fromNanos(frame.ptsNanos()), samples.length / decoder.channels());
        blocks.add(new Block(place.sample(), AudioMix.fit(samples, decoder.channels(), place)));
      }
    } catch (MediaException e) {
      frames.lose(frame, e.getMessage());
    }
  }

  @Override
  public void close() {
    frames.close();
    decoder.close();
  }
}
