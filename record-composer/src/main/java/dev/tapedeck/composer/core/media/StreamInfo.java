package dev.tapedeck.composer.core.media;

/** What a muxer or a decoder must know of a stream before its first frame.
 *  @param width      pixels of the largest picture, 0 for audio; the picture may change size at any key frame
 *  @param height     as width
 *  @param sampleRate samples per second, 48000 for Opus; 0 for video
 *  @param channels   1 or 2; 0 for video
 *  @param extradata  what the codec's header needs: OpusHead (RFC 7845 §5.1), SPS and PPS with start codes (Annex B),
 *                    or the sequence header OBU of AV1; empty for VP8 and VP9. Not copied */
public record StreamInfo(MediaCodec codec, int width, int height, int sampleRate, int channels, byte[] extradata) {

  private static final byte[] NONE = {};

  public static StreamInfo video(MediaCodec codec, int width, int height) {
    return video(codec, width, height, NONE);
  }

  public static StreamInfo video(MediaCodec codec, int width, int height, byte[] extradata) {
    return new StreamInfo(codec, width, height, 0, 0, extradata);
  }

  /** Opus at 48 kHz with an OpusHead that skips nothing.
   *  @param channels 1 or 2 */
  public static StreamInfo opus(int channels) {
    return new StreamInfo(MediaCodec.OPUS, 0, 0, OpusHead.SAMPLE_RATE, channels, OpusHead.of(channels, 0));
  }

  public StreamInfo {
    if (codec.isVideo() ? width <= 0 || height <= 0 : sampleRate <= 0 || channels < 1 || channels > 2) {
      throw new IllegalArgumentException(codec + " stream of " + width + "x" + height + " pixels, " + sampleRate
          + " Hz, " + channels + " channels: video needs a size, audio a rate and 1 or 2 channels");
    }
  }
}
