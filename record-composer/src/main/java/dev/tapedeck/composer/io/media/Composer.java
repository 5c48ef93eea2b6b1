package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.ComposeTrack;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.OpusHead;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import dev.tapedeck.composer.core.mix.MixPlan;
import dev.tapedeck.composer.core.mix.TrackKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Makes one file out of the tracks of a recording: a grid of everybody at a constant frame rate, all voices mixed.
 *  Streams from start to end in bounded memory. Bad frames cost themselves and what depends on them; the composition
 *  goes on and says so. Same input and settings, same bytes. Owned by one thread. */
public final class Composer implements AutoCloseable {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int KEY_FRAME_SECONDS = 4;

  private final MixPlan plan;
  private final ComposeSettings settings;
  private final TimeBase frameTimes;
  private final Map<TrackKey, VideoTrack> videoTracks = new LinkedHashMap<>();
  private final List<AudioTrack> audioTracks = new ArrayList<>();
  private final List<TrackWarning> warnings = new ArrayList<>();

  /** What came out.
   *  @param durationNanos length of the file
   *  @param videoFrames   pictures in it, 0 without video
   *  @param warnings      what is missing; empty when every frame was used */
  public record Result(long durationNanos, long videoFrames, List<TrackWarning> warnings) {}

  /** Composes tracks into a file.
   *  @param tracks   read to their end or the plan's and closed, also when this fails
   *  @param plan     who is seen when, and how long the file is
   *  @param path     written under another name first, so it is whole or absent
   *  @param progress called now and then with 0..1
   *  @throws MediaException if there is nothing to compose or the encoder fails
   *  @throws IOException    if the file cannot be written */
  public static Result compose(List<ComposeTrack> tracks, MixPlan plan, ComposeSettings settings, Path path,
      DoubleConsumer progress) throws IOException {
    try (Composer composer = new Composer(plan, settings)) {
      composer.open(tracks);
      return composer.write(path, progress);
    }
  }

  private Composer(MixPlan plan, ComposeSettings settings) {
    this.plan = plan;
    this.settings = settings;
    frameTimes = TimeBase.perSecond(settings.framesPerSecond());
  }

  /** A track whose decoder does not open is missed, not fatal. */
  private void open(List<ComposeTrack> tracks) {
    for (ComposeTrack track : tracks) {
      TrackFrames frames = new TrackFrames(track);
      boolean wanted = track.video() ? settings.video() : settings.audio();
      if (!wanted) {
        frames.close();
        continue;
      }
      try {
        if (track.video()) {
          videoTracks.put(frames.key(), new VideoTrack(frames));
        } else {
          audioTracks.add(new AudioTrack(frames));
        }
      } catch (MediaException e) {
        frames.close();
        warnings.add(new TrackWarning(frames.key(), "track left out: " + e.getMessage()));
      }
    }
  }

  private Result write(Path path, DoubleConsumer progress) throws IOException {
    if (plan.durationNanos() <= 0 || videoTracks.isEmpty() && audioTracks.isEmpty()) {
      throw new MediaException("nothing to compose: " + videoTracks.size() + " video and " + audioTracks.size()
          + " audio tracks in " + plan.durationNanos() / 1_000_000 + " ms");
    }
    long frames = videoTracks.isEmpty() ? 0 : Math.ceilDiv(
        Math.multiplyExact(plan.durationNanos(), settings.framesPerSecond()), NANOS_PER_SECOND);
    if (videoTracks.isEmpty()) {
      writeSound(path, progress);
    } else {
      writePictures(path, frames, progress);
    }
    videoTracks.values().forEach(track -> track.frames().warning().ifPresent(warnings::add));
    audioTracks.forEach(track -> track.frames().warning().ifPresent(warnings::add));
    progress.accept(1);
    long durationNanos = Math.max(plan.durationNanos(), frameTimes.toNanos(frames));
    return new Result(durationNanos, frames, List.copyOf(warnings));
  }

  private void writeSound(Path path, DoubleConsumer progress) throws IOException {
    try (Mixer mixer = mixer(); Muxer muxer = Muxer.open(path, settings.container(), List.of(mixer.info()))) {
      long total = totalSamples();
      while (!mixer.isDone()) {
        writeAll(muxer, 0, mixer.next());
        progress.accept(Math.min(1, (double) mixer.mixedSamples() / total));
      }
      muxer.finish();
    }
  }

  private void writePictures(Path path, long frames, DoubleConsumer progress) throws IOException {
    VideoEncoder.Settings video = new VideoEncoder.Settings(MediaCodec.VP8, settings.width(), settings.height(),
        settings.framesPerSecond(), settings.videoBitsPerSecond(), KEY_FRAME_SECONDS * settings.framesPerSecond());
    try (VideoEncoder encoder = new VideoEncoder(video);
        Canvas canvas = new Canvas(settings.width(), settings.height(), videoTracks);
        Mixer mixer = mixer();
        Muxer muxer = Muxer.open(path, settings.container(), streams(encoder, mixer))) {
      for (long frame = 0; frame < frames; frame++) {
        long nanos = frameTimes.toNanos(frame);
        writeAll(muxer, 0, encoder.encode(canvas.at(nanos, plan.at(nanos))));
        mixUntil(mixer, frameTimes.toNanos(frame + 1), muxer);
        progress.accept((double) frame / frames);
      }
      writeAll(muxer, 0, encoder.finish());
      mixUntil(mixer, Long.MAX_VALUE, muxer);
      muxer.finish();
    }
  }

  private void mixUntil(Mixer mixer, long nanos, Muxer muxer) throws IOException {
    TimeBase samples = TimeBase.perSecond(OpusHead.SAMPLE_RATE);
    while (!audioTracks.isEmpty() && !mixer.isDone() && samples.toNanos(mixer.mixedSamples()) < nanos) {
      writeAll(muxer, 1, mixer.next());
    }
  }

  private Mixer mixer() throws MediaException {
    return new Mixer(audioTracks, totalSamples(), settings.audioBitsPerSecond());
  }

  private long totalSamples() {
    return TimeBase.perSecond(OpusHead.SAMPLE_RATE).fromNanos(plan.durationNanos());
  }

  private List<StreamInfo> streams(VideoEncoder encoder, Mixer mixer) {
    return audioTracks.isEmpty() ? List.of(encoder.info()) : List.of(encoder.info(), mixer.info());
  }

  private static void writeAll(Muxer muxer, int streamIndex, List<EncodedFrame> frames) throws IOException {
    for (EncodedFrame frame : frames) {
      muxer.write(streamIndex, frame);
    }
  }

  @Override
  public void close() {
    videoTracks.values().forEach(VideoTrack::close);
    audioTracks.forEach(AudioTrack::close);
  }
}
