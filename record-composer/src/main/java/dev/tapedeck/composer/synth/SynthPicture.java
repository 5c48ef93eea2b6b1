package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.mix.Rect;
import dev.tapedeck.composer.core.mix.Yuv;
import dev.tapedeck.composer.io.media.MediaException;
import dev.tapedeck.composer.io.media.Picture;

/** Draws the pictures of a synthetic participant: their colour, and below it the {@link FrameCode}. */
final class SynthPicture implements AutoCloseable {
  private final int participant;
  private final Picture picture;

  SynthPicture(int participant, int width, int height) throws MediaException {
    this.participant = participant;
    picture = Picture.allocate(width, height);
    picture.fill(new Rect(0, 0, width, height), SynthColour.of(participant));
  }

  /** @return the picture, this object's and valid until the next call */
  Picture draw(int counter) throws MediaException {
    FrameCode code = new FrameCode(participant, counter);
    for (int i = 0; i < FrameCode.COLUMNS * FrameCode.ROWS; i++) {
      picture.fill(block(i % FrameCode.COLUMNS, i / FrameCode.COLUMNS), code.bit(i) ? Yuv.WHITE : Yuv.BLACK);
    }
    return picture;
  }

  private Rect block(int column, int row) {
    int left = even(column, FrameCode.COLUMNS, 0, picture.width());
    int right = even(column + 1, FrameCode.COLUMNS, 0, picture.width());
    int codeTop = (int) (picture.height() * FrameCode.TOP) & ~1;
    int top = even(row, FrameCode.ROWS, codeTop, picture.height());
    int bottom = even(row + 1, FrameCode.ROWS, codeTop, picture.height());
    return new Rect(left, top, right - left, bottom - top);
  }

  private static int even(int index, int parts, int from, int to) {
    return from + index * (to - from) / parts & ~1;
  }

  @Override
  public void close() {
    picture.close();
  }
}
