package dev.tapedeck.composer.core.mix;

import java.util.ArrayList;
import java.util.List;

/** Where the tiles of a composition lie on its canvas. */
public final class Layout {

  private Layout() {}

  /** A grid as near to square as possible, filled row by row; a last row that is not full is centred.
   *  @param tileCount 0 or more
   *  @return one rectangle per tile, covering no pixel twice
   *  @throws IllegalArgumentException if the canvas is too small to give every tile two by two pixels */
  public static List<Rect> grid(int tileCount, int canvasWidth, int canvasHeight) {
    int columns = (int) Math.ceil(Math.sqrt(tileCount));
    int rows = columns == 0 ? 0 : (tileCount + columns - 1) / columns;
    List<Rect> tiles = new ArrayList<>(tileCount);
    for (int row = 0; row < rows; row++) {
      int inRow = Math.min(columns, tileCount - row * columns);
      int top = edge(row, rows, canvasHeight);
      int bottom = edge(row + 1, rows, canvasHeight);
      int indent = (canvasWidth - edge(inRow, columns, canvasWidth)) / 4 * 2;
      for (int column = 0; column < inRow; column++) {
        int left = edge(column, columns, canvasWidth);
        int right = edge(column + 1, columns, canvasWidth);
        tiles.add(new Rect(indent + left, top, right - left, bottom - top));
      }
    }
    return tiles;
  }

  /** The even pixel where part {@code index} of {@code parts} begins. */
  private static int edge(int index, int parts, int pixels) {
    return (int) ((long) index * pixels / parts) & ~1;
  }
}
