package dev.tapedeck.composer.check;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.io.media.AudioDecoder;
import dev.tapedeck.composer.io.media.Demuxer;
import dev.tapedeck.composer.io.media.MediaException;
import dev.tapedeck.composer.io.media.Picture;
import dev.tapedeck.composer.io.media.VideoDecoder;
import dev.tapedeck.composer.synth.SynthSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decodes a media file from start to end and reports what is in it. Owned by one thread. */
public final class MediaProbe implements AutoCloseable {
  private static final long MAX_TICK_DISTANCE_NANOS = 400_000_000L;

  private final Path path;
  private final Demuxer demuxer;
  private final List<StreamInfo> streams;
  private final List<Optional<VideoDecoder>> videoDecoders = new ArrayList<>();
  private final List<Optional<AudioDecoder>> audioDecoders = new ArrayList<>();
  private final VideoCheck video;
  private final AudioCheck audio = new AudioCheck();
  private int decodeErrors;

  /** @param clipFramesPerSecond of the synthetic clips in the file, to find their ticks; 30 unless made otherwise
   *  @throws MediaException if the file is not media we know
   *  @throws IOException    if it cannot be read */
  public static FileReport probe(Path path, int clipFramesPerSecond) throws IOException {
    try (MediaProbe probe = new MediaProbe(path, clipFramesPerSecond)) {
      probe.decodeAll();
      return probe.report();
    }
  }

  private MediaProbe(Path path, int clipFramesPerSecond) throws IOException {
    this.path = path;
    video = new VideoCheck(clipFramesPerSecond);
    demuxer = Demuxer.open(path);
    streams = demuxer.streams();
    for (StreamInfo stream : streams) {
      boolean isVideo = stream.codec().isVideo();
      videoDecoders.add(isVideo ? Optional.of(new VideoDecoder(stream)) : Optional.empty());
      audioDecoders.add(isVideo ? Optional.empty() : Optional.of(new AudioDecoder(stream)));
    }
  }

  private void decodeAll() throws IOException {
    for (var next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
      int index = next.get().streamIndex();
      EncodedFrame frame = next.get().frame();
      try {
        if (streams.get(index).codec().isVideo()) {
          VideoDecoder decoder = videoDecoders.get(index).orElseThrow();
          decoder.send(frame);
          look(decoder);
        } else {
          AudioDecoder decoder = audioDecoders.get(index).orElseThrow();
          audio.add(frame, decoder.decode(frame), decoder.channels());
        }
      } catch (MediaException e) {
        decodeErrors++;
      }
    }
    for (Optional<VideoDecoder> decoder : videoDecoders) {
      if (decoder.isPresent()) {
        decoder.get().finish();
        look(decoder.get());
      }
    }
  }

  private void look(VideoDecoder decoder) throws MediaException {
    for (Optional<Picture> picture = decoder.receive(); picture.isPresent(); picture = decoder.receive()) {
      video.add(picture.get());
    }
  }

  private FileReport report() throws IOException {
    Optional<StreamInfo> picture = streams.stream().filter(stream -> stream.codec().isVideo()).findFirst();
    boolean hasSound = streams.stream().anyMatch(stream -> !stream.codec().isVideo());
    String kind = picture.isEmpty() ? "audio" : hasSound ? "av" : "video";
    List<String> codecs = streams.stream().map(stream -> stream.codec().name().toLowerCase(Locale.ROOT)).toList();
    return new FileReport(path.toString(), kind, codecs, picture.map(StreamInfo::width).orElse(0),
        picture.map(StreamInfo::height).orElse(0), Math.round(demuxer.durationNanos() / 1e6), Files.size(path),
        picture.isPresent() ? video.pictures() : audio.frames(), audio.frames(), WebmIndex.hasCues(path),
        decodeErrors, video.counters(), video.tiles(), audio.tones(), audio.peak(),
        avOffsetMillis().orElse(null));
  }

  private Optional<Long> avOffsetMillis() {
    List<Long> offsets = new ArrayList<>();
    for (FileReport.Counters counters : video.counters()) {
      List<Long> heard = audio.ticks(SynthSpec.toneHz(counters.participant()));
      video.ticks().stream().filter(tick -> tick.participant() == counters.participant())
          .forEach(seen -> heard.stream().map(nanos -> nanos - seen.nanos())
              .filter(offset -> Math.abs(offset) <= MAX_TICK_DISTANCE_NANOS).forEach(offsets::add));
    }
    offsets.sort(null);
    return offsets.isEmpty() ? Optional.empty()
        : Optional.of(Math.round(offsets.get(offsets.size() / 2) / 1e6));
  }

  @Override
  public void close() throws IOException {
    videoDecoders.forEach(decoder -> decoder.ifPresent(VideoDecoder::close));
    audioDecoders.forEach(decoder -> decoder.ifPresent(AudioDecoder::close));
    demuxer.close();
  }
}
