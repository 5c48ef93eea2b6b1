package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.session.CloseReason;

/** Where rooms tell what happens in them. Only queues; never calls back. */
public interface RoomEvents {
  /** The room has a place on this worker, for its first session or recording; nobody may have joined yet. */
  void roomMade(String app, String room);

  /** Nothing of the room is left on this worker. */
  void roomGone(String app, String room);

  /** The first join of this instance. */
  void roomOpened(String app, String room, long instance);

  void roomClosed(String app, String room, long instance);

  /** @param recorded whether what this peer sends is taped */
  void peerJoined(String app, String room, String peer, long session, boolean recorded);

  /** @param peerGone false when a newer session of the same peer has taken over */
  void peerLeft(String app, String room, String peer, long session, CloseReason reason, boolean peerGone);

  /** The track's first packet came. */
  void trackStarted(String app, String room, String peer, long session, String track, boolean video, String codec);

  void trackEnded(String app, String room, String peer, long session, String track, boolean video, String codec);

  /** Nothing of the track is passed on or taped, by order; or it is again. */
  void trackSilenced(String app, String room, String peer, long session, String track, boolean silenced);

  /** Nothing is taped of this recording for now; or something is again. */
  void recordingPaused(String app, String room, long recording, boolean paused);

  /** The recording's first packet was taped. */
  void recordingOpened(String app, String room, long instance, long recording);

  /** No further packet is taped for this recording. */
  void recordingClosed(String app, String room, long recording, String reason);
}
