package dev.tapedeck.composer.core.media;

/** The length of one tick of a stream's clock as a fraction of a second; turns ticks into nanoseconds and back.
 *  Rounds to the nearest tick, halves away from zero. Times of centuries do not overflow for the bases files use. */
public record TimeBase(int numerator, int denominator) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  public TimeBase {
    if (numerator <= 0 || denominator <= 0) {
      throw new IllegalArgumentException("time base " + numerator + "/" + denominator + ": both must be positive");
    }
  }

  /** One tick per frame or sample. */
  public static TimeBase perSecond(int ticks) {
    return new TimeBase(1, ticks);
  }

  public long toNanos(long ticks) {
    return scale(ticks, numerator * NANOS_PER_SECOND, denominator);
  }

  public long fromNanos(long nanos) {
    return scale(nanos, denominator, numerator * NANOS_PER_SECOND);
  }

  private static long scale(long value, long multiplier, long divisor) {
    long whole = value / divisor;
    long product = value % divisor * multiplier;
    long half = divisor / 2;
    return whole * multiplier + (product + (product < 0 ? -half : half)) / divisor;
  }
}
