package dev.tapedeck.media.io.spool;

/** Reached at its high mark, and left only below its low one, so that what hangs on it does not flutter. */
final class Watermark {
  private final double high;
  private final double low;
  private volatile boolean reached;

  /** @param high share from 0 to 1, not below {@code low} */
  Watermark(double high, double low) {
    this.high = high;
    this.low = low;
  }

  /** @return whether it is reached now */
  boolean update(double share) {
    reached = reached ? share >= low : share >= high;
    return reached;
  }

  boolean isReached() {
    return reached;
  }
}
