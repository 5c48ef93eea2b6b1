package dev.tapedeck.bench.latency;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;

/** Collects delays, written by one thread and taken by another. */
public final class DelayMeter {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(LONGEST_NANOS, DIGITS);

  /** @param nanos what lies outside 0..60 s counts as the nearest of these */
  public void add(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
  }

  /** What was added since the last call of this method. */
  public Delays take() {
    return Delays.of(recorder.getIntervalHistogram());
  }
}
