package dev.tapedeck.composer.core.media;

/** The codecs a recording may hold and a file may carry. */
public enum MediaCodec {
  OPUS, VP8, VP9, H264, AV1;

  /** Whether frames of this codec are pictures; otherwise they are sound. */
  public boolean isVideo() {
    return this != OPUS;
  }
}
