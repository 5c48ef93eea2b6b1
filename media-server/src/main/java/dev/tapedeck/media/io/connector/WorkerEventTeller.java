package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.wire.Audited;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordingOpened;
import dev.tapedeck.protocol.wire.RecordingPaused;
import dev.tapedeck.protocol.wire.RoomClosed;
import dev.tapedeck.protocol.wire.RoomOpened;
import dev.tapedeck.protocol.wire.TrackChanged;
import dev.tapedeck.protocol.wire.TrackSilenced;
import dev.tapedeck.protocol.wire.Kind;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the connector what workers tell, in the words of the wire. Called on worker threads; only queues. The end of a
 * recording is told by the spool, behind its last chunk.
 */
public final class WorkerEventTeller implements Consumer<WorkerEvent> {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final ConnectorClient connector;
  private final LongSupplier wallMillis;

  public WorkerEventTeller(ConnectorClient connector, LongSupplier wallMillis) {
    this.connector = connector;
    this.wallMillis = wallMillis;
  }

  @Override
  public void accept(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Answer answer -> {}
      case WorkerEvent.RecordingClosed closed -> {}
      case WorkerEvent.RoomMade made -> {}
      case WorkerEvent.RoomGone gone -> {}
      case WorkerEvent.RoomOpened opened -> tell(NodeEvent.newBuilder().setRoomOpened(RoomOpened.newBuilder()
          .setApp(opened.app()).setRoom(opened.room()).setInstance(opened.instance())));
      case WorkerEvent.RoomClosed closed -> tell(NodeEvent.newBuilder().setRoomClosed(RoomClosed.newBuilder()
          .setApp(closed.app()).setRoom(closed.room()).setInstance(closed.instance())));
      case WorkerEvent.RecordingOpened opened -> tell(NodeEvent.newBuilder().setRecordingOpened(
          RecordingOpened.newBuilder().setApp(opened.app()).setRoom(opened.room()).setInstance(opened.instance())
              .setRecording(opened.recording())));
      case WorkerEvent.SessionConnecting connecting -> tell(peer(connecting.app(), connecting.session())
          .setConnecting(PeerEvent.Connecting.newBuilder().setRemoteIp(connecting.remote())));
      case WorkerEvent.SessionConnected connected -> tell(peer(connected.app(), connected.session())
          .setConnected(PeerEvent.Connected.newBuilder()
              .setAfterMs(millis(connected.afterNanos())).setRemoteIp(connected.remote())));
      case WorkerEvent.SessionClosed closed -> tell(ended(closed));
      case WorkerEvent.PeerJoined joined -> tell(NodeEvent.newBuilder().setUntaped(!joined.recorded())
          .setPeer(peer(joined.app(), joined.session())
              .setJoin(PeerEvent.Join.newBuilder().setRoom(joined.room()).setPeer(joined.peer()))));
      case WorkerEvent.PeerLeft left -> tell(peer(left.app(), left.session())
          .setLeave(PeerEvent.Leave.newBuilder().setRoom(left.room()).setPeer(left.peer())));
      case WorkerEvent.TrackStarted started -> {
        Kind kind = kind(started.video());
        tell(peer(started.app(), started.session()).setRemoteTrackStarted(
            PeerEvent.RemoteTrackStarted.newBuilder().setTrack(started.track()).setKind(kind)));
        tell(track(started.app(), started.room(), started.peer(), started.session(), started.track(), kind,
            started.codec(), true));
      }
      case WorkerEvent.TrackEnded ended -> {
        Kind kind = kind(ended.video());
        tell(peer(ended.app(), ended.session()).setRemoteTrackEnded(
            PeerEvent.RemoteTrackEnded.newBuilder().setTrack(ended.track()).setKind(kind)));
        tell(track(ended.app(), ended.room(), ended.peer(), ended.session(), ended.track(), kind, ended.codec(),
            false));
      }
      case WorkerEvent.TrackSilenced silenced -> tell(NodeEvent.newBuilder().setTrackSilenced(
          TrackSilenced.newBuilder().setApp(silenced.app()).setRoom(silenced.room()).setPeer(silenced.peer())
              .setSession(silenced.session()).setTrack(silenced.track()).setSilenced(silenced.silenced())));
      case WorkerEvent.RecordingPaused paused -> tell(NodeEvent.newBuilder().setRecordingPaused(
          RecordingPaused.newBuilder().setApp(paused.app()).setRoom(paused.room()).setRecording(paused.recording())
              .setPaused(paused.paused())));
      case WorkerEvent.Audited act -> tell(NodeEvent.newBuilder().setAudited(Audited.newBuilder()
          .setApp(act.app()).setRoom(act.room()).setActor(act.actor()).setAction(act.action()).setTarget(act.target())
          .setDetail(act.detail()).setRefusal(act.refusal())));
    }
  }

  private static PeerEvent.Builder ended(WorkerEvent.SessionClosed closed) {
    PeerEvent.Builder event = peer(closed.app(), closed.session());
    int millis = millis(closed.durationNanos());
    if (!closed.wasConnected()) {
      return event.setConnectError(PeerEvent.ConnectError.newBuilder()
          .setAfterMs(millis).setError(PeerEvent.ConnectError.ErrorType.Timeout));
    }
    return event.setDisconnected(PeerEvent.Disconnected.newBuilder()
        .setDurationMs(millis).setReason(reason(closed.reason())));
  }

  private static PeerEvent.Disconnected.Reason reason(CloseReason reason) {
    return switch (reason) {
      case LEFT, REPLACED -> PeerEvent.Disconnected.Reason.UserAction;
      case CONNECT_TIMEOUT, CONSENT_EXPIRED, DTLS_FAILED -> PeerEvent.Disconnected.Reason.Timeout;
      case KICKED, ROOM_CLOSED -> PeerEvent.Disconnected.Reason.KickByAPI;
      case SHUTDOWN -> PeerEvent.Disconnected.Reason.NodeShutdown;
    };
  }

  private static NodeEvent.Builder track(
      String app, String room, String peer, long session, String track, Kind kind, String codec, boolean live) {
    return NodeEvent.newBuilder().setTrackChanged(TrackChanged.newBuilder().setApp(app).setRoom(room).setPeer(peer)
        .setSession(session).setTrack(track).setKind(kind).setCodec(codec).setLive(live));
  }

  private static PeerEvent.Builder peer(String app, long session) {
    return PeerEvent.newBuilder().setApp(app).setSessionId(session);
  }

  private static Kind kind(boolean video) {
    return video ? Kind.VIDEO : Kind.AUDIO;
  }

  private void tell(PeerEvent.Builder event) {
    tell(NodeEvent.newBuilder().setPeer(event));
  }

  private void tell(NodeEvent.Builder event) {
    connector.tell(event, wallMillis.getAsLong());
  }

  private static int millis(long nanos) {
    return (int) Math.min(nanos / NANOS_PER_MILLI, Integer.MAX_VALUE);
  }
}
