package dev.tapedeck.media.core.room;

/** Bits per second of a stream, up to each of its temporal layers. Owned by the worker thread. */
final class LayerRates {
  private static final long WINDOW_NANOS = 1_000_000_000L;

  /** What a packet costs beside its payload: header, extensions, authentication tag. */
  private static final int OVERHEAD_BYTES = 40;

  private final long[] bytes = new long[TemporalLayers.HIGHEST + 1];
  private final long[] bitsPerSecond = new long[TemporalLayers.HIGHEST + 1];
  private boolean hasBegun;
  private long sinceNanos;

  /** One packet came. */
  void note(long nowNanos, int temporalLayer, int payloadBytes) {
    roll(nowNanos);
    bytes[temporalLayer] += payloadBytes + OVERHEAD_BYTES;
  }

  /** Of the layers up to this one over the last whole second in which anything came; 0 before it can be told. */
  long bitsPerSecond(long nowNanos, int temporalLayer) {
    roll(nowNanos);
    return bitsPerSecond[temporalLayer];
  }

  private void roll(long nowNanos) {
    if (!hasBegun || nowNanos - sinceNanos >= WINDOW_NANOS) {
      measure(nowNanos);
    }
  }

  private void measure(long nowNanos) {
    long sum = 0;
    for (int layer = 0; layer < bytes.length; layer++) {
      sum += bytes[layer];
      bytes[layer] = 0;
      bitsPerSecond[layer] = hasBegun ? (long) (sum * 8e9 / (nowNanos - sinceNanos)) : 0;
    }
    hasBegun = true;
    sinceNanos = nowNanos;
  }
}
