package dev.tapedeck.media.core.room;

/** Recordings that were open when the process before this one died, and wait for a taped peer to come back. */
@FunctionalInterface
public interface UnfinishedRecordings {
  /** Nothing waits. */
  UnfinishedRecordings NONE = (app, room) -> RoomTape.NONE;

  /** Takes over the recording that waits for this room, if any; from then on the room closes it. {@code 0} if there is none. */
  long take(String app, String room);
}
