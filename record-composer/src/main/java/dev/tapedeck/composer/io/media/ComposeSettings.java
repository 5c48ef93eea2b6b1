package dev.tapedeck.composer.io.media;

import dev.tapedeck.composer.core.media.MediaCodec;

/** How a composition looks and sounds.
 *  @param container       {@link Container#WEBM}, or {@link Container#OGG} for sound alone
 *  @param video           whether pictures are wanted
 *  @param audio           whether sound is wanted
 *  @param width           canvas in pixels, even, 16..7680
 *  @param height          canvas in pixels, even, 16..4320
 *  @param framesPerSecond of the file, constant, 1..120
 *  @param videoBitsPerSecond what the VP8 encoder aims at
 *  @param audioBitsPerSecond what the Opus encoder aims at */
public record ComposeSettings(Container container, boolean video, boolean audio, int width, int height,
    int framesPerSecond, long videoBitsPerSecond, long audioBitsPerSecond) {
  private static final int MIN_PIXELS = 16;
  private static final int MAX_WIDTH = 7680;
  private static final int MAX_HEIGHT = 4320;

  public ComposeSettings {
    if ((width | height) % 2 != 0 || width < MIN_PIXELS || height < MIN_PIXELS || width > MAX_WIDTH
        || height > MAX_HEIGHT) {
      throw new IllegalArgumentException("canvas " + width + "x" + height + ": both even, at least " + MIN_PIXELS
          + ", at most " + MAX_WIDTH + "x" + MAX_HEIGHT);
    }
    if (!container.carries(MediaCodec.OPUS) || video && !container.carries(MediaCodec.VP8)) {
      throw new IllegalArgumentException(container + " cannot hold a composition" + (video ? " with pictures" : ""));
    }
    if (!video && !audio) {
      throw new IllegalArgumentException("a composition needs pictures or sound");
    }
  }

  /** 1280x720, 25 frames per second, VP8 at 2 Mbit/s and Opus at 96 kbit/s in webm. */
  public static ComposeSettings defaults() {
    return new ComposeSettings(Container.WEBM, true, true, 1280, 720, 25, 2_000_000, 96_000);
  }

  public ComposeSettings with(boolean video, boolean audio) {
    return new ComposeSettings(container, video, audio, width, height, framesPerSecond, videoBitsPerSecond,
        audioBitsPerSecond);
  }

  /** Sound alone as an ogg file. */
  public ComposeSettings asOgg() {
    return new ComposeSettings(Container.OGG, false, true, width, height, framesPerSecond, videoBitsPerSecond,
        audioBitsPerSecond);
  }
}
