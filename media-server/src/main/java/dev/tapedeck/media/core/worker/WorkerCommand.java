package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Reoffer;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.List;

/** What the rest of the server asks of a worker. Each is answered by one {@link WorkerEvent.Answer} of its request. */
public sealed interface WorkerCommand {
  /** Number the answer carries. */
  long request();

  record AddSession(long request, SessionSpec spec) implements WorkerCommand {}

  record RestartIce(long request, long session, IceCredentials local, String remoteUfrag) implements WorkerCommand {}

  /** A new offer for a session of the session protocol; the answer carries ours. */
  record RestartMeeting(long request, long session, Reoffer reoffer) implements WorkerCommand {}

  record CloseSession(long request, long session, CloseReason reason) implements WorkerCommand {}

  /** Shows tracks on a watcher's m-lines. */
  record AssignSlots(long request, long session, List<Slot> slots) implements WorkerCommand {}

  record ReadSlots(long request, long session) implements WorkerCommand {}

  /**
   * Ends every session of this peer in the room, and revokes the tokens that let it in; the answer names them.
   *
   * @param reason told to those who can be told, "" for none
   */
  record KickPeer(long request, String app, String room, String peer, String reason) implements WorkerCommand {}

  /** Ends every session whose token is revoked by now. */
  record EndRevoked(long request) implements WorkerCommand {}

  /** Lets nothing of a track reach anybody, or takes that back. */
  record MuteTrack(long request, String app, String room, String peer, String track, boolean muted)
      implements WorkerCommand {}

  /** @param reason told to those who can be told, "" for none */
  record CloseRoom(long request, String app, String room, String reason) implements WorkerCommand {}

  /**
   * Tapes everybody in the room from now on.
   *
   * @param policy what of each session, unless its own token says
   */
  record StartRecording(long request, String app, String room, RecordPolicy policy) implements WorkerCommand {}

  /** Tapes nothing from now on and keeps the recording open, or goes on. */
  record PauseRecording(long request, String app, String room, boolean paused) implements WorkerCommand {}

  /** How media flow in all sessions; the answer says. */
  record ReadStats(long request) implements WorkerCommand {}

  /** Ends the open recording of the room. */
  record StopRecording(long request, String app, String room) implements WorkerCommand {}

  /** DTLS of this session has outputs; not answered. */
  record PumpDtls(long session) implements WorkerCommand {
    @Override
    public long request() {
      return 0;
    }
  }

  /**
   * Lets nobody into a room any more over a data channel, and tells everybody who has one that the server stops.
   *
   * @param remainingNanos until sessions are ended, 0 or more
   */
  record Drain(long request, long remainingNanos) implements WorkerCommand {}

  /**
   * Ends every session and closes every recording. Answered when all clients have heard it, or had their time to: then
   * the worker is done.
   */
  record Shutdown(long request) implements WorkerCommand {}
}
