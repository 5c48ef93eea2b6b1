package dev.tapedeck.composer.core.mix;

import java.util.Optional;

/** Keeps a mix below full scale without clipping: it sees one window ahead and turns the volume down before a loud
 *  window begins, and up again slowly after it. Windows come out one call later than they went in. */
public final class Limiter {
  /** No sample that comes out is larger. */
  public static final float CEILING = 0.97f;
  /** Most the volume rises from one window of 20 ms to the next. */
  private static final float RELEASE = 0.05f;

  private final int channels;
  private float[] waiting;
  private float waitingLimit;
  private float gain = 1;

  public Limiter(int channels) {
    this.channels = channels;
  }

  /** @param window interleaved samples; kept, so hand in a fresh array
   *  @return the window before it, limited; empty at the first call */
  public Optional<float[]> push(float[] window) {
    float limit = limit(window);
    Optional<float[]> out = release(limit);
    waiting = window;
    waitingLimit = limit;
    return out;
  }

  /** @return the last window, empty if there was none */
  public Optional<float[]> finish() {
    Optional<float[]> out = release(1);
    waiting = null;
    return out;
  }

  /** The volume at each border of windows suits both sides, so that a straight line between two borders does too. */
  private Optional<float[]> release(float nextLimit) {
    if (waiting == null) {
      gain = nextLimit;
      return Optional.empty();
    }
    float from = Math.min(gain, waitingLimit);
    float to = Math.min(Math.min(waitingLimit, nextLimit), from + RELEASE);
    int samples = waiting.length / channels;
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] *= from + (to - from) * (i / channels) / samples;
    }
    gain = to;
    return Optional.of(waiting);
  }

  private static float limit(float[] window) {
    float peak = CEILING;
    for (float sample : window) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return CEILING / peak;
  }
}
