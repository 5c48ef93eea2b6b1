package dev.tapedeck.media.core.room;

/** Where the recording of a room stands, as far as the media server knows. */
public enum RecordingState {
  /** None is open. */
  NONE,
  /** Asked for; no packet yet. */
  ARMED,
  /** At least one packet is on tape. */
  RECORDING,
  /** Open, and nothing is taped until it is resumed. */
  PAUSED
}
