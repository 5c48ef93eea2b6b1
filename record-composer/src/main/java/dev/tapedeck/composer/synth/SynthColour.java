package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.mix.Yuv;
import java.util.Arrays;
import java.util.OptionalInt;

/** The colours of synthetic participants: far enough apart that a lossy codec cannot turn one into another, and none
 *  near the black, white and grey of codes and canvases. After the last they begin again. */
public final class SynthColour {
  private static final int[] RGB = {
      0xD02020, 0x20B020, 0x2040E0, 0xE0D020, 0xD020D0, 0x20D0D0, 0xF08020, 0x7010B0, 0x104010, 0xF090B0, 0x601010,
      0x80F080};
  private static final Yuv[] PALETTE = Arrays.stream(RGB).mapToObj(Yuv::ofRgb).toArray(Yuv[]::new);
  /** Squared distance up to which a decoded pixel still counts as a colour of the palette. */
  private static final int TOLERANCE = 20 * 20;

  private SynthColour() {}

  /** How many colours there are. */
  public static int count() {
    return PALETTE.length;
  }

  public static Yuv of(int participant) {
    return PALETTE[participant % PALETTE.length];
  }

  /** @return as {@code #rrggbb} */
  public static String hex(int participant) {
    return String.format("#%06x", RGB[participant % RGB.length]);
  }

  /** @return the first participant with a colour, empty if it is near none of the palette */
  public static OptionalInt participant(Yuv colour) {
    for (int i = 0; i < PALETTE.length; i++) {
      if (PALETTE[i].distanceTo(colour) <= TOLERANCE) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
