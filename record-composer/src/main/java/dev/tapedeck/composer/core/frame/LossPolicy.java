package dev.tapedeck.composer.core.frame;

/** What becomes of the frames after one that packet loss has damaged. */
public enum LossPolicy {
  /** Left out up to the next key frame: what is in the file decodes exactly as it was encoded. */
  DROP_TO_KEY_FRAME,
  /** Kept: the decoder conceals, the picture smears, and motion goes on. */
  DROP_DAMAGED_ONLY
}
