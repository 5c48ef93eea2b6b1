package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.chunk.GapEntry;

/** Why a packet that came is left off a tape on purpose. */
public enum TapeOmission {
  /** The spool is short of room. */
  SHED(GapEntry.SHED),
  /** The track was muted by order. */
  MUTED(GapEntry.MUTED),
  /** The recording is paused. */
  PAUSED(GapEntry.PAUSED);

  private final String cause;

  TapeOmission(String cause) {
    this.cause = cause;
  }

  /** As gaps tell it. */
  String cause() {
    return cause;
  }
}
