package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.room.SessionStats;
import dev.tapedeck.media.core.room.SlotStatus;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.protocol.token.TokenFingerprint;
import java.util.List;

/** What a worker tells the rest of the server, in the order it happened. */
public sealed interface WorkerEvent {
  /**
   * A command was carried out, or not.
   *
   * @param error  what is wrong, empty when done
   * @param result what the command asked for
   */
  record Answer(long request, Outcome outcome, String error, Result result) implements WorkerEvent {
    static Answer done(long request) {
      return done(request, new Result.Nothing());
    }

    static Answer done(long request, Result result) {
      return new Answer(request, Outcome.DONE, "", result);
    }

    static Answer failed(long request, Outcome outcome, String error) {
      return new Answer(request, outcome, error, new Result.Nothing());
    }

    /** Of a watcher; empty for other commands. */
    public List<SlotStatus> slots() {
      return result instanceof Result.Slots(List<SlotStatus> slots) ? slots : List.of();
    }

    /** That was started, stopped or paused; 0 for other commands. */
    public long recording() {
      return result instanceof Result.Recording(long recording) ? recording : 0;
    }

    /** The answer to a new offer; empty for other commands. */
    public String sdp() {
      return result instanceof Result.Sdp(String sdp) ? sdp : "";
    }

    /** Of whom was kicked; empty for other commands. */
    public List<TokenFingerprint> tokens() {
      return result instanceof Result.Tokens(List<TokenFingerprint> tokens) ? tokens : List.of();
    }

    /** Of all sessions; empty for other commands. */
    public List<SessionStats> stats() {
      return result instanceof Result.Stats(List<SessionStats> stats) ? stats : List.of();
    }
  }

  /** What a command asked for. */
  sealed interface Result {
    record Nothing() implements Result {}

    record Slots(List<SlotStatus> slots) implements Result {}

    record Recording(long recording) implements Result {}

    record Sdp(String sdp) implements Result {}

    record Tokens(List<TokenFingerprint> tokens) implements Result {}

    record Stats(List<SessionStats> stats) implements Result {}
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
    /** The token that grants it was revoked. */
    REVOKED,
    /** A documented limit of the server was reached. */
    LIMIT,
    /** A documented limit of the room was reached. */
    FULL,
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

  /** Nothing of the track is passed on or taped, by order; or it is again. */
  record TrackSilenced(String app, String room, String peer, long session, String track, boolean silenced)
      implements WorkerEvent {}

  /** Nothing is taped of this recording for now; or something is again. */
  record RecordingPaused(String app, String room, long recording, boolean paused) implements WorkerEvent {}

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
