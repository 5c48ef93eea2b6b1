package dev.tapedeck.media.core.room;

/** What a slot shows now. */
public enum SlotState {
  /** Nothing was asked for. */
  EMPTY,
  /** The track asked for does not exist yet; it starts when it appears. */
  WAITING,
  /** The track is there and its packets go out, or will as soon as its next key frame comes. */
  ACTIVE,
  /** The track's codec is none that this watcher negotiated. */
  UNSUPPORTED_CODEC
}
