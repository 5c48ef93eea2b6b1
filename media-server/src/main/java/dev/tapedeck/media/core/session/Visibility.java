package dev.tapedeck.media.core.session;

/** Whether others in a room learn of a session. */
public enum Visibility {
  SHOWN,
  /** Never told of, heard or taped; receives what it likes. Its token must say so. */
  HIDDEN,
  /** The same, for a program that records; its token must say that. */
  RECORDER;

  public boolean isHidden() {
    return this != SHOWN;
  }
}
