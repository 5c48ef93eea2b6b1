package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.media.ClipSource;
import dev.tapedeck.bench.client.media.MediaSource;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One m-line of a publisher and what plays in it.
 *
 * @param sources by rid; a track without simulcast has one under the empty rid
 */
public record PublishedTrack(OfferedMedia media, Map<String, MediaSource> sources) {
  public PublishedTrack {
    sources = Map.copyOf(sources);
  }

  public static PublishedTrack of(OfferedMedia media, MediaSource source) {
    return new PublishedTrack(media, Map.of("", source));
  }

  /** An Opus clip under mid 0, with the payload type of a browser. */
  public static PublishedTrack audio(Path clip, Duration length, RandomGenerator random) throws IOException {
    OfferedMedia media = OfferedMedia.sending("0", MediaKind.AUDIO, Codec.opus(111), random.nextInt() | 1, 0);
    return of(media, ClipSource.open(clip, length.toNanos(), random));
  }

  /** A VP8 clip under mid 1, with the payload types of a browser. */
  public static PublishedTrack video(Path clip, Duration length, RandomGenerator random) throws IOException {
    OfferedMedia media = OfferedMedia.sending(
        "1", MediaKind.VIDEO, Codec.vp8(96, 97), random.nextInt() | 1, random.nextInt() | 1);
    return of(media, ClipSource.open(clip, length.toNanos(), random));
  }
}
