package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.UnfinishedRecording;
import java.util.Optional;

/** Recordings that were open when the process before this one died, and wait for their people to come back. */
@FunctionalInterface
public interface UnfinishedRecordings {
  /** Nothing waits. */
  UnfinishedRecordings NONE = (app, room, wantsTape) -> Optional.empty();

  /**
   * Takes over the recording that waits for this room, if any; from then on the room closes it.
   *
   * @param wantsTape whether somebody there should be on tape by a token or command; else only a recording of everybody
   *                  is taken
   */
  Optional<UnfinishedRecording> take(String app, String room, boolean wantsTape);
}
