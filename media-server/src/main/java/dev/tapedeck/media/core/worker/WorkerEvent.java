package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.room.SlotStatus;
import dev.tapedeck.media.core.session.CloseReason;
import java.util.List;

/** What a worker tells the rest of the server, in the order it happened. */
public sealed interface WorkerEvent {
  /**
   * A command was carried out, or not.
   *
   * @param error     what is wrong, empty when done
   * @param recording of start and stop, else 0
   * @param sdp       answer to a new offer, else empty
   */
  record Answer(
      long request, Outcome outcome, String error, List<SlotStatus> slots, long recording, String sdp)
      implements WorkerEvent {
    static Answer done(long request) {
      return new Answer(request, Outcome.DONE, "", List.of(), 0, "");
    }

    static Answer failed(long request, Outcome outcome, String error) {
      return new Answer(request, outcome, error, List.of(), 0, "");
    }
  }

  /** How a command ended. */
  enum Outcome {
    DONE,
    /** No such session, room or peer on this worker. */
    NOT_FOUND,
    /** The request does not fit what is there. */
    CONFLICT,
    /** The offer cannot be answered. */
    INVALID,
    /** A documented limit was reached. */
    LIMIT,
    /** A mistake of ours; what was done of it is not known. */
    FAILED
  }

  /** The room has a place on this worker; nobody may have joined yet. For this server alone. */
  record RoomMade(String app, String room) implements WorkerEvent {}

  /** Nothing of the room is left on this worker. For this server alone. */
  record RoomGone(String app, String room) implements WorkerEvent {}

  record RoomOpened(String app, String room, long instance) implements WorkerEvent {}

  record RoomClosed(String app, String room, long instance) implements WorkerEvent {}

  /**
   * The session waits for its first STUN check.
   *
   * @param remote address its HTTP request came from, for the operator's eyes
   */
  record SessionConnecting(String app, long session, String remote) implements WorkerEvent {}

  /** @param remote address of the client, for the operator's eyes */
  record SessionConnected(String app, long session, long afterNanos, String remote) implements WorkerEvent {}

  record SessionClosed(String app, long session, CloseReason reason, boolean wasConnected, long durationNanos)
      implements WorkerEvent {}

  record PeerJoined(String app, String room, String peer, long session, boolean recorded) implements WorkerEvent {}

  /** @param peerGone false when a newer session of the same peer has taken over */
  record PeerLeft(String app, String room, String peer, long session, CloseReason reason, boolean peerGone)
      implements WorkerEvent {}

  record TrackStarted(
      String app, String room, String peer, long session, String track, boolean video, String codec)
      implements WorkerEvent {}

  record TrackEnded(String app, String room, String peer, long session, String track, boolean video, String codec)
      implements WorkerEvent {}

  /** The recording's first packet is on tape. */
  record RecordingOpened(String app, String room, long instance, long recording) implements WorkerEvent {}

  /** No further packet is taped for this recording; its last chunks may still wait for the store. */
  record RecordingClosed(String app, String room, long recording, String reason) implements WorkerEvent {}

  /**
   * Something for the connector's audit log.
   *
   * @param room    "" where it concerns none
   * @param actor   who did it: {@code peer:<name>}
   * @param action  slug, such as {@code join_hidden}
   * @param target  what it was done to, "" where the actor says it all
   * @param detail  free text
   * @param refusal why it was refused, "" when it was done
   */
  record Audited(String app, String room, String actor, String action, String target, String detail, String refusal)
      implements WorkerEvent {}
}
