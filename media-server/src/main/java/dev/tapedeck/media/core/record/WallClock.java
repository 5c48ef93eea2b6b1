package dev.tapedeck.media.core.record;

/** Wall time as it stands now. It may step; what it once said stays in the chunks as clock entries. */
@FunctionalInterface
public interface WallClock {
  /** Nanoseconds since 1970 at this monotonic moment of this process, as the wall clock stands now. */
  long epochNanos(long nowNanos);
}
