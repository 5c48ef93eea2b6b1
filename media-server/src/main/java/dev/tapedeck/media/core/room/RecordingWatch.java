package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.session.ServerEvent.Room.Recording;

/** Tells a member how its room's recording stands: when it comes, and at every change. Owned by the worker thread. */
final class RecordingWatch {
  private final MemberEvents events;
  private RecordingState toldState;
  private long toldRecording;
  private boolean toldTaped;

  RecordingWatch(MemberEvents events) {
    this.events = events;
  }

  /** The member has entered the room: it is told in any case. */
  void begin(long nowNanos, RoomTape tape, Publication publication) {
    toldState = null;
    look(nowNanos, tape, publication);
  }

  void look(long nowNanos, RoomTape tape, Publication publication) {
    RecordingState state = tape.state();
    boolean isTaped = tape.isTaped(publication);
    if (state != toldState || tape.recording() != toldRecording || isTaped != toldTaped) {
      toldState = state;
      toldRecording = tape.recording();
      toldTaped = isTaped;
      tell(nowNanos, tape);
    }
  }

  private void tell(long nowNanos, RoomTape tape) {
    Recording.Builder recording = Recording.newBuilder()
        .setState(Recording.State.valueOf(toldState.name()))
        .setId(toldRecording)
        .setTapesYou(toldTaped);
    if (toldState != RecordingState.NONE) {
      tape.askedBy().ifPresent(recording::setAskedBy);
    }
    events.recording(nowNanos, recording.build());
  }
}
