package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.util.EnumSet;
import java.util.Set;

/** File formats a {@link Muxer} writes, and the codecs each may carry. */
public enum Container {
  WEBM("webm", "webm", EnumSet.of(MediaCodec.VP8, MediaCodec.VP9, MediaCodec.AV1, MediaCodec.OPUS)),
  MATROSKA("matroska", "mkv", EnumSet.allOf(MediaCodec.class)),
  OGG("ogg", "ogg", EnumSet.of(MediaCodec.OPUS)),
  MP4("mp4", "mp4", EnumSet.of(MediaCodec.H264, MediaCodec.VP9, MediaCodec.AV1, MediaCodec.OPUS));

  private final String format;
  private final String extension;
  private final Set<MediaCodec> codecs;

  Container(String format, String extension, Set<MediaCodec> codecs) {
    this.format = format;
    this.extension = extension;
    this.codecs = codecs;
  }

  /** The usual container of a track kept in its own codec: mkv for H.264, which webm does not allow, else webm. */
  public static Container of(MediaCodec codec) {
    return codec == MediaCodec.H264 ? MATROSKA : WEBM;
  }

  /** File name extension without the dot. */
  public String extension() {
    return extension;
  }

  public boolean carries(MediaCodec codec) {
    return codecs.contains(codec);
  }

  String format() {
    return format;
  }
}
