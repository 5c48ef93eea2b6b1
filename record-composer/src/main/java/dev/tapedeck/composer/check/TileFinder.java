package dev.tapedeck.composer.check;

import dev.tapedeck.composer.io.media.Picture;
import dev.tapedeck.composer.synth.FrameCode;
import dev.tapedeck.composer.synth.SynthColour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the pictures of synthetic participants in a composed picture by their colours. */
final class TileFinder {
  private static final int SAMPLES_ACROSS = 320;
  /** A colour covers at least this share of the samples of its best row or column on each of its own. */
  private static final double EDGE_SHARE = 0.5;
  private static final int MIN_SAMPLES = 60;

  /** @param colour index in the palette
   *  @param code   read from the tile, empty if unreadable
   *  @param x      left edge of the participant's picture, code included, to a few pixels; the others likewise */
  record Found(int colour, Optional<FrameCode> code, int x, int y, int width, int height) {}

  private TileFinder() {}

  static List<Found> find(Picture picture) {
    int step = Math.max(2, picture.width() / SAMPLES_ACROSS);
    int columns = picture.width() / step;
    int rows = picture.height() / step;
    int[][] perColumn = new int[SynthColour.count()][columns];
    int[][] perRow = new int[SynthColour.count()][rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        OptionalInt colour = SynthColour.participant(picture.pixel(column * step, row * step));
        if (colour.isPresent()) {
          perColumn[colour.getAsInt()][column]++;
          perRow[colour.getAsInt()][row]++;
        }
      }
    }
    List<Found> found = new ArrayList<>();
    for (int colour = 0; colour < SynthColour.count(); colour++) {
      if (Arrays.stream(perRow[colour]).sum() >= MIN_SAMPLES) {
        found.add(tile(picture, colour, step, perColumn[colour], perRow[colour]));
      }
    }
    return found;
  }

  private static Found tile(Picture picture, int colour, int step, int[] perColumn, int[] perRow) {
    int left = first(perColumn) * step;
    int right = (last(perColumn) + 1) * step;
    int top = first(perRow) * step;
    int bottom = (last(perRow) + 1) * step;
    int height = (int) Math.round((bottom - top) / FrameCode.TOP);
    Optional<FrameCode> code = FrameCodeReader.read(picture, left, top, right - left, height)
        .filter(read -> read.participant() % SynthColour.count() == colour);
    return new Found(colour, code, left, top, right - left, height);
  }

  private static int first(int[] counts) {
    int least = least(counts);
    int index = 0;
    while (counts[index] < least) {
      index++;
    }
    return index;
  }

  private static int last(int[] counts) {
    int least = least(counts);
    int index = counts.length - 1;
    while (counts[index] < least) {
      index--;
    }
    return index;
  }

  private static int least(int[] counts) {
    return (int) Math.ceil(EDGE_SHARE * Arrays.stream(counts).max().orElseThrow());
  }
}
