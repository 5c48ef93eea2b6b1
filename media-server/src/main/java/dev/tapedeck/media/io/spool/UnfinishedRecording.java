package dev.tapedeck.media.io.spool;

/** A recording that was open when its process died, and may go on in the next one. */
public record UnfinishedRecording(String app, String room, long recording) {
  /** Why it is closed if it does not. */
  public static final String CRASH = "crash";
}
