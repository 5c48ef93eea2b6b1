package dev.tapedeck.composer.core.mix;

/** A colour as video carries it: BT.601, limited range (luma 16..235, chroma 16..240 around 128). */
public record Yuv(int y, int u, int v) {
  public static final Yuv BLACK = new Yuv(16, 128, 128);
  public static final Yuv WHITE = new Yuv(235, 128, 128);

  /** @param rgb 0xRRGGBB */
  public static Yuv ofRgb(int rgb) {
    double r = rgb >> 16 & 0xFF;
    double g = rgb >> 8 & 0xFF;
    double b = rgb & 0xFF;
    return new Yuv(
        (int) Math.round(16 + 0.256788 * r + 0.504129 * g + 0.097906 * b),
        (int) Math.round(128 - 0.148223 * r - 0.290993 * g + 0.439216 * b),
        (int) Math.round(128 + 0.439216 * r - 0.367788 * g - 0.071427 * b));
  }

  /** Squared distance, a measure of how unlike two colours are; 0 is the same. */
  public int distanceTo(Yuv other) {
    int dy = y - other.y;
    int du = u - other.u;
    int dv = v - other.v;
    return dy * dy + du * du + dv * dv;
  }
}
