package dev.tapedeck.standalone.browser;

import java.util.List;
import java.util.Locale;

/** What the fake camera and microphone of one browser give: a picture of known colour, a tone of known pitch. */
public enum Performer {
  RED(200, 40, 40, 500, 640, 360),
  GREEN(40, 160, 60, 900, 640, 360),
  BLUE(50, 70, 200, 1500, 640, 360),
  /** Large enough for three simulcast layers, and so restless that an encoder uses all the bits it may. */
  MAGENTA(190, 50, 190, 2100, 1280, 720);

  /** Codecs, and 8 bits of chroma at half resolution, move a plain colour by less than this per channel. */
  private static final int COLOUR_TOLERANCE = 40;

  private static final double PITCH_TOLERANCE_HERTZ = 15;

  private final int red;
  private final int green;
  private final int blue;
  final int toneHertz;
  final int width;
  final int height;

  Performer(int red, int green, int blue, int toneHertz, int width, int height) {
    this.red = red;
    this.green = green;
    this.blue = blue;
    this.toneHertz = toneHertz;
    this.width = width;
    this.height = height;
  }

  /** Name of this performer in a room. */
  public String peer() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int toneHertz() {
    return toneHertz;
  }

  /** Of the plain part of the picture, as CSS writes it. */
  public String cssColour() {
    return "rgb(" + red + " " + green + " " + blue + ")";
  }

  /** Whether a colour read from a page is this performer's. @param rgb red, green, blue of 0..255, or null */
  public boolean isSeenIn(List<Integer> rgb) {
    return rgb != null
        && Math.abs(rgb.get(0) - red) < COLOUR_TOLERANCE
        && Math.abs(rgb.get(1) - green) < COLOUR_TOLERANCE
        && Math.abs(rgb.get(2) - blue) < COLOUR_TOLERANCE;
  }

  /** Whether the loudest frequency heard is this performer's tone. */
  public boolean isHeardIn(double peakHertz) {
    return Math.abs(peakHertz - toneHertz) < PITCH_TOLERANCE_HERTZ;
  }

  /** Luma of the plain part (ITU-R BT.601, limited range). */
  int luma() {
    return (int) Math.round(16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255);
  }

  int blueChroma() {
    return (int) Math.round(128 + (-37.797 * red - 74.203 * green + 112.0 * blue) / 255);
  }

  int redChroma() {
    return (int) Math.round(128 + (112.0 * red - 93.786 * green - 18.214 * blue) / 255);
  }
}
