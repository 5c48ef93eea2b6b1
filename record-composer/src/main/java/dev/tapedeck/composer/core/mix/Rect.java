package dev.tapedeck.composer.core.mix;

/** A rectangle of pixels whose edges lie on even numbers, so that halved chroma planes have exact edges too. */
public record Rect(int x, int y, int width, int height) {

  public Rect {
    if (((x | y | width | height) & 1) != 0 || x < 0 || y < 0 || width <= 0 || height <= 0) {
      throw new IllegalArgumentException("rectangle " + width + "x" + height + " at " + x + "," + y
          + ": all must be even, the size above 0");
    }
  }

  /** Where a picture goes in this rectangle: as large as fits, centred, its aspect kept to the nearest even pixel.
   *  @param pictureWidth  pixels, above 0
   *  @param pictureHeight pixels, above 0 */
  public Rect fit(int pictureWidth, int pictureHeight) {
    boolean limitedByWidth = (long) pictureWidth * height >= (long) pictureHeight * width;
    int fitWidth = limitedByWidth ? width : even((double) height * pictureWidth / pictureHeight);
    int fitHeight = limitedByWidth ? even((double) width * pictureHeight / pictureWidth) : height;
    return new Rect(x + (width - fitWidth) / 4 * 2, y + (height - fitHeight) / 4 * 2, fitWidth, fitHeight);
  }

  static int even(double pixels) {
    return Math.max(2, (int) Math.round(pixels / 2) * 2);
  }
}
