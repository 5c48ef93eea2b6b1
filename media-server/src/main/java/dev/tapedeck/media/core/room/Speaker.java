package dev.tapedeck.media.core.room;

/** Somebody whose voice can be heard, by what is measured of it. */
interface Speaker {
  /** Smoothed loudness in dBov: 0 is the loudest, {@value AudioLevel#FLOOR_DECIBELS} or less is silence. */
  double decibelsAt(long nowNanos);

  /** Whether there was voice a moment ago; the pauses between syllables do not end it. */
  boolean isSpeakingAt(long nowNanos);
}
