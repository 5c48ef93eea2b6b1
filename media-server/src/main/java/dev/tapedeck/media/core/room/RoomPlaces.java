package dev.tapedeck.media.core.room;

/** Which worker each room lives on, as one of the workers sees it. Asked on its thread; waits for nothing. */
public interface RoomPlaces {
  /** Number of the worker that asks. */
  int here();

  /** The room's worker, which cannot become another before {@link #release}; this one if the room is nowhere yet. */
  int hold(String app, String room);

  /**
   * As {@link #hold}, for somebody who may not come: false, and nothing is held, if the room is nowhere yet and the server
   * has all the rooms it takes.
   */
  boolean claim(String app, String room);

  /** Undoes one {@link #hold} or claim: whoever asked is in the room by now, or will not come. */
  void release(String app, String room);
}
