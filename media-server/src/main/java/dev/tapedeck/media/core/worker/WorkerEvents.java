package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.room.RoomEvents;
import dev.tapedeck.media.core.session.CloseReason;
import java.util.function.Consumer;

/** Turns what rooms tell into the worker's events. */
final class WorkerEvents implements RoomEvents {
  private final Consumer<WorkerEvent> queue;

  WorkerEvents(Consumer<WorkerEvent> queue) {
    this.queue = queue;
  }

  void tell(WorkerEvent event) {
    queue.accept(event);
  }

  @Override
  public void roomMade(String app, String room) {
    tell(new WorkerEvent.RoomMade(app, room));
  }

  @Override
  public void roomGone(String app, String room) {
    tell(new WorkerEvent.RoomGone(app, room));
  }

  @Override
  public void roomOpened(String app, String room, long instance) {
    tell(new WorkerEvent.RoomOpened(app, room, instance));
  }

  @Override
  public void roomClosed(String app, String room, long instance) {
    tell(new WorkerEvent.RoomClosed(app, room, instance));
  }

  @Override
  public void peerJoined(String app, String room, String peer, long session, boolean recorded) {
    tell(new WorkerEvent.PeerJoined(app, room, peer, session, recorded));
  }

  @Override
  public void peerLeft(String app, String room, String peer, long session, CloseReason reason, boolean peerGone) {
    tell(new WorkerEvent.PeerLeft(app, room, peer, session, reason, peerGone));
  }

  @Override
  public void trackStarted(
      String app, String room, String peer, long session, String track, boolean video, String codec) {
    tell(new WorkerEvent.TrackStarted(app, room, peer, session, track, video, codec));
  }

  @Override
  public void trackEnded(
      String app, String room, String peer, long session, String track, boolean video, String codec) {
    tell(new WorkerEvent.TrackEnded(app, room, peer, session, track, video, codec));
  }

  @Override
  public void trackSilenced(String app, String room, String peer, long session, String track, boolean silenced) {
    tell(new WorkerEvent.TrackSilenced(app, room, peer, session, track, silenced));
  }

  @Override
  public void recordingPaused(String app, String room, long recording, boolean paused) {
    tell(new WorkerEvent.RecordingPaused(app, room, recording, paused));
  }

  @Override
  public void recordingOpened(String app, String room, long instance, long recording) {
    tell(new WorkerEvent.RecordingOpened(app, room, instance, recording));
  }

  @Override
  public void recordingClosed(String app, String room, long recording, String reason) {
    tell(new WorkerEvent.RecordingClosed(app, room, recording, reason));
  }
}
