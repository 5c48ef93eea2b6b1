package dev.tapedeck.composer.core.timeline;

/**
 * Fits the line under a cloud of one-way delays: the clock difference plus the shortest delay of the path.
 *
 * <p>Delay only ever adds, so the truth lies along the lower edge of the points. The edge of their lower convex hull
 * that spans the mean time is the line below all points with the least sum of distances (Moon, Skelly, Towsley:
 * "Estimation and Removal of Clock Skew from Network Delay Measurements", 1999).
 */
final class LowerEnvelope {
  /** No quartz that can still carry a call is further off than this. */
  private static final double MAX_SKEW = 500e-6;
  /** Below this span jitter would be mistaken for skew, and the skew missed costs less than 10 ms. */
  private static final long MIN_SPAN_NANOS = 60_000_000_000L;
  private static final int MIN_POINTS = 10;

  private LowerEnvelope() {}

  /**
   * Fits {@code y = x + difference(x)}.
   *
   * @param x points of the source clock, nanoseconds, rising
   * @param y target clock at those points, nanoseconds
   */
  static Line fit(long[] x, long[] y) {
    int lowest = 0;
    double sumX = 0;
    for (int i = 0; i < x.length; i++) {
      sumX += x[i] - x[0];
      if (y[i] - x[i] < y[lowest] - x[lowest]) {
        lowest = i;
      }
    }
    Line constant = new Line(x[lowest], y[lowest], 1.0);
    if (x.length < MIN_POINTS || x[x.length - 1] - x[0] < MIN_SPAN_NANOS) {
      return constant;
    }
    Line edge = hullEdge(x, y, sumX / x.length);
    return Math.abs(edge.slope() - 1.0) > MAX_SKEW ? constant : edge;
  }

  private static Line hullEdge(long[] x, long[] y, double meanX) {
    int[] hull = new int[x.length];
    int size = 0;
    for (int i = 0; i < x.length; i++) {
      while (size >= 2 && !turnsLeft(x, y, hull[size - 2], hull[size - 1], i)) {
        size--;
      }
      hull[size++] = i;
    }
    int right = 1;
    while (right < size - 1 && x[hull[right]] - x[0] < meanX) {
      right++;
    }
    int from = hull[right - 1];
    int to = hull[right];
    double delayChange = (double) (y[to] - x[to]) - (y[from] - x[from]);
    return new Line(x[from], y[from], 1.0 + delayChange / (x[to] - x[from]));
  }

  private static boolean turnsLeft(long[] x, long[] y, int a, int b, int c) {
    double delayAtA = y[a] - x[a];
    double rise = (y[b] - x[b]) - delayAtA;
    double nextRise = (y[c] - x[c]) - delayAtA;
    return rise * (x[c] - x[a]) < nextRise * (x[b] - x[a]);
  }
}
