package dev.tapedeck.composer.check;

import dev.tapedeck.composer.io.media.Picture;
import dev.tapedeck.composer.synth.FrameCode;
import java.util.Optional;

/** Reads the {@link FrameCode} out of a decoded picture, or out of one tile of it, at any scale that leaves its blocks
 *  a few pixels wide. */
final class FrameCodeReader {
  /** Black and white must be this far apart, or there is no code. */
  private static final int MIN_CONTRAST = 80;
  private static final int BLOCKS = FrameCode.COLUMNS * FrameCode.ROWS;

  private FrameCodeReader() {}

  static Optional<FrameCode> read(Picture picture) {
    return read(picture, 0, 0, picture.width(), picture.height());
  }

  /** @param x left edge of the tile's picture, where a pixel or two of error do not matter; the others likewise */
  static Optional<FrameCode> read(Picture picture, int x, int y, int width, int height) {
    int[] luma = new int[BLOCKS];
    int darkest = 255;
    int brightest = 0;
    for (int i = 0; i < BLOCKS; i++) {
      double column = (i % FrameCode.COLUMNS + 0.5) / FrameCode.COLUMNS;
      double row = (i / FrameCode.COLUMNS + 0.5) / FrameCode.ROWS;
      luma[i] = average(picture, (int) (x + width * column),
          (int) (y + height * (FrameCode.TOP + (1 - FrameCode.TOP) * row)));
      darkest = Math.min(darkest, luma[i]);
      brightest = Math.max(brightest, luma[i]);
    }
    if (brightest - darkest < MIN_CONTRAST) {
      return Optional.empty();
    }
    long bits = 0;
    for (int value : luma) {
      bits = bits << 1 | (value > (darkest + brightest) / 2 ? 1 : 0);
    }
    return FrameCode.parse(bits);
  }

  private static int average(Picture picture, int x, int y) {
    int sum = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        sum += picture.luma(Math.clamp(x + dx, 0, picture.width() - 1), Math.clamp(y + dy, 0, picture.height() - 1));
      }
    }
    return sum / 9;
  }
}
