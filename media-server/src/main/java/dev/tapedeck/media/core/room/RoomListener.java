package dev.tapedeck.media.core.room;

/** A session that is told what happens in its room. Told only; it leaves and closes nothing from within. */
interface RoomListener {
  void peerJoined(long nowNanos, Publication publication);

  /** The peer has gone, and not because a newer session of it came. */
  void peerLeft(long nowNanos, Publication publication);

  /** What others learn of the peer has changed. */
  default void peerUpdated(long nowNanos, Publication publication) {}

  /** The track can be received from now on. */
  default void trackPublished(long nowNanos, UpTrack track) {}

  default void trackUpdated(long nowNanos, UpTrack track) {}

  /** The track cannot be received any more; nobody shows it by now. */
  default void trackUnpublished(long nowNanos, UpTrack track) {}
}
