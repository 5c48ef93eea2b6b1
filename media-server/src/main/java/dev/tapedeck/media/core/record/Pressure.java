package dev.tapedeck.media.core.record;

/** How short the spool is of room, and so what tapes are to leave out. Audio is never left out. */
public enum Pressure {
  NONE,
  /** Only the lowest layer of each simulcast or scalable video is taped. */
  SHED_UPPER_LAYERS,
  /** No video is taped. */
  SHED_VIDEO
}
