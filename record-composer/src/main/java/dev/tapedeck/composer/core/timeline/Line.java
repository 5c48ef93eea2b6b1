package dev.tapedeck.composer.core.timeline;

/**
 * A straight line between two clocks: {@code y = y0 + slope * (x - x0)}.
 *
 * <p>Both origins are exact integers, so that nanoseconds since 1970 lose no digit in a double.
 *
 * @param x0    any point of the source clock near the data
 * @param y0    target clock at x0, nanoseconds
 * @param slope nanoseconds of the target per unit of the source
 */
record Line(long x0, long y0, double slope) {

  long at(long x) {
    return y0 + Math.round((x - x0) * slope);
  }

  /** This line followed by {@code next}, whose source is this one's target. */
  Line then(Line next) {
    return new Line(x0, next.at(y0), slope * next.slope);
  }
}
