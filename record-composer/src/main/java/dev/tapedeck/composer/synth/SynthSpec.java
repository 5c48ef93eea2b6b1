package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.MediaCodec;

/** A synthetic participant: a clip of one colour with a picture counter, and a tone.
 *  @param participant     0..127; decides colour and tone
 *  @param seconds         length, 1..86400; whole, so that the clip can be looped without a seam
 *  @param codec           of the video
 *  @param width           pixels, even, 160..7680
 *  @param height          pixels, even, 90..4320
 *  @param framesPerSecond 1..120 */
public record SynthSpec(int participant, int seconds, MediaCodec codec, int width, int height, int framesPerSecond) {
  /** A key frame this often, so that late joiners and loops have somewhere to begin. */
  static final int KEY_FRAME_SECONDS = 2;
  private static final int LOWEST_TONE_HZ = 300;
  private static final int TONE_STEP_HZ = 130;
  private static final int MAX_SECONDS = 86_400;
  private static final int MAX_PARTICIPANT = 127;

  public SynthSpec {
    if (participant < 0 || participant > MAX_PARTICIPANT || seconds < 1 || seconds > MAX_SECONDS
        || !codec.isVideo() || (width | height) % 2 != 0 || width < 160 || width > 7680 || height < 90
        || height > 4320 || framesPerSecond < 1 || framesPerSecond > 120) {
      throw new IllegalArgumentException("synthetic participant " + participant + " of " + seconds + " s, " + codec
          + " " + width + "x" + height + " at " + framesPerSecond + " fps: participant is 0..127, seconds 1..86400, "
          + "size even and 160x90..7680x4320, fps 1..120");
    }
  }

  /** VP8, 640x360 at 30 frames per second. */
  public static SynthSpec of(int participant, int seconds) {
    return new SynthSpec(participant, seconds, MediaCodec.VP8, 640, 360, 30);
  }

  /** The tone of a participant: 300 Hz and 130 Hz more for each. */
  public static int toneHz(int participant) {
    return LOWEST_TONE_HZ + TONE_STEP_HZ * participant;
  }

  public int pictures() {
    return seconds * framesPerSecond;
  }
}
