package dev.tapedeck.bench.load;

/** Figures with no more digits than they are worth. */
public final class Rounded {
  private Rounded() {}

  public static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }

  public static double thousandth(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
