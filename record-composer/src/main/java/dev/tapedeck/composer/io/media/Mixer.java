package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.mix.AudioMix;
import dev.tapedeck.composer.core.mix.Limiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sound of a composition: all tracks summed window by window, limited and encoded. */
final class Mixer implements AutoCloseable {
  private final List<AudioTrack> tracks;
  private final long totalSamples;
  private final AudioEncoder encoder;
  private final AudioMix mix = new AudioMix(AudioEncoder.FRAME_SAMPLES);
  private final Limiter limiter = new Limiter(AudioMix.CHANNELS);
  private long mixedSamples;
  private long encodedSamples;

  Mixer(List<AudioTrack> tracks, long totalSamples, long bitsPerSecond) throws MediaException {
    this.tracks = tracks;
    this.totalSamples = totalSamples;
    encoder = new AudioEncoder(AudioMix.CHANNELS, bitsPerSecond);
  }

  StreamInfo info() {
    return encoder.info();
  }

  /** Samples of the axis that were mixed so far. */
  long mixedSamples() {
    return mixedSamples;
  }

  boolean isDone() {
    return mixedSamples >= totalSamples;
  }

  /** Mixes the next window.
   *  @return frames that are ready; with the last window, all that are left */
  List<EncodedFrame> next() throws MediaException {
    mix.moveTo(mixedSamples);
    tracks.forEach(track -> track.addTo(mix));
    mixedSamples += AudioEncoder.FRAME_SAMPLES;
    List<EncodedFrame> frames = new ArrayList<>(encode(limiter.push(mix.window().clone())));
    if (isDone()) {
      frames.addAll(encode(limiter.finish()));
      frames.addAll(encoder.finish());
    }
    return frames;
  }

  private List<EncodedFrame> encode(Optional<float[]> window) throws MediaException {
    if (window.isEmpty()) {
      return List.of();
    }
    int samples = (int) Math.min(AudioEncoder.FRAME_SAMPLES, totalSamples - encodedSamples);
    encodedSamples += samples;
    return encoder.encode(window.get(), samples);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
