package dev.tapedeck.connector.io.life;

import com.google.protobuf.ByteString;
import dev.tapedeck.connector.core.audit.AuditEntry;
import dev.tapedeck.connector.core.audit.RefusalLog;
import dev.tapedeck.connector.core.ledger.Interruption;
import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.InterruptionRows;
import dev.tapedeck.connector.io.store.NodeRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.wire.Audited;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.ClockState;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeStats;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordEvent;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.RecordingOpened;
import dev.tapedeck.protocol.wire.RecordingPaused;
import dev.tapedeck.protocol.wire.RevokedTokens;
import dev.tapedeck.protocol.wire.RoomClosed;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import dev.tapedeck.protocol.wire.TapeOpened;
import dev.tapedeck.protocol.wire.TrackChanged;
import dev.tapedeck.protocol.wire.TrackSilenced;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what media servers tell, each event once and in order, and stores it with everything that follows from it in
 * one transaction: rooms, recordings, ledger, feed. Safe for use by many threads; one thread per media server.
 */
public final class Intake {
  /** Why a recording ended whose media server died; assumed after a time-out, or told by the process after it. */
  static final String CRASH = "crash";

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private static final String NODE_RETURNED = "rest of a lost media server";
  static final String NODE_ENDED = "end of a lost media server";

  private final Database database;
  private final Feed feed;
  private final Rooms rooms;
  private final RoomWatch watch;
  private final LiveStats stats;
  private final TokenRevocations revocations;
  private final RefusalLog refusals;
  private final LongSupplier wallMillis;
  /** By node; only so that a recording shorter than the time between two heartbeats knows its clock too. */
  private final Map<Long, KnownClock> clocks = new ConcurrentHashMap<>();

  private record KnownClock(long incarnation, ClockState state) {}

  Intake(Database database, Feed feed, Rooms rooms, RoomWatch watch, LiveStats stats,
      TokenRevocations revocations, RefusalLog refusals, LongSupplier wallMillis) {
    this.database = database;
    this.feed = feed;
    this.rooms = rooms;
    this.watch = watch;
    this.stats = stats;
    this.revocations = revocations;
    this.refusals = refusals;
    this.wallMillis = wallMillis;
  }

  /**
   * A media server has a stream. What another process of the same number left open is over: its rooms end now, its
   * recordings wait for what recovery finds, and those given up before are known to have ended by now.
   *
   * @return highest event of this process that is stored
   */
  public long attached(NodeHello hello) {
    long node = Integer.toUnsignedLong(hello.getNode());
    Change change = database.write(handle -> {
      Change begun = Change.begin(handle, node, hello.getIncarnation(), wallMillis.getAsLong());
      RecordingRows.moveAssumedCloses(handle, node, hello.getIncarnation(), NODE_ENDED, begun.nowMillis());
      NodeRows.attach(handle, hello, begun.nowMillis());
      RoomRows.allOpen(handle).stream()
          .filter(room -> room.node() == node && room.incarnation() != hello.getIncarnation())
          .forEach(room -> rooms.end(begun, room, Rooms.CRASH));
      return begun;
    });
    watch.publish(change.told());
    return database.read(handle -> NodeRows.ackedSeq(handle, node, hello.getIncarnation()));
  }

  /** What the process said of itself just now; of it, the ledger keeps how far its clock can be trusted. */
  public void heartbeat(NodeHello hello, Heartbeat heartbeat) {
    if (!heartbeat.hasClock()) {
      return;
    }
    long node = Integer.toUnsignedLong(hello.getNode());
    clocks.put(node, new KnownClock(hello.getIncarnation(), heartbeat.getClock()));
    database.run(handle -> RecordingRows.noteClock(handle, node, hello.getIncarnation(), heartbeat.getClock()));
  }

  /** How media flow there now; not stored. */
  public void stats(NodeHello hello, NodeStats told) {
    stats.heard(Integer.toUnsignedLong(hello.getNode()), told, wallMillis.getAsLong());
  }

  /** What a media server that attaches has to know of tokens. */
  public List<RevokedTokens> revokedTokens() {
    return revocations.messages();
  }

  /** The stream of this process broke. */
  public void detached(NodeHello hello) {
    stats.forget(Integer.toUnsignedLong(hello.getNode()));
    database.run(handle -> NodeRows.gone(
        handle, Integer.toUnsignedLong(hello.getNode()), hello.getIncarnation(), wallMillis.getAsLong()));
  }

  /**
   * Stores these events; those stored before are passed over.
   *
   * @param events of one process, in the order of their numbers
   * @return highest number that is stored now
   */
  public long store(NodeHello hello, List<NodeEvent> events) {
    long node = Integer.toUnsignedLong(hello.getNode());
    Change change = database.write(handle -> {
      Change begun = Change.begin(handle, node, hello.getIncarnation(), wallMillis.getAsLong());
      long acked = NodeRows.ackedSeq(handle, node, hello.getIncarnation());
      for (NodeEvent event : events) {
        if (Long.compareUnsigned(event.getSeq(), acked) > 0) {
          apply(begun.at(event.getTs()), event);
          acked = event.getSeq();
        }
      }
      NodeRows.setAckedSeq(handle, node, hello.getIncarnation(), acked);
      return begun;
    });
    watch.publish(change.told());
    return events.getLast().getSeq();
  }

  private void apply(Change change, NodeEvent event) {
    if (!isWellNamed(event)) {
      // A media server checks names before it uses them, so this is a fault of ours; refusing would block all that follows.
      LOG.atError().addKeyValue("node", change.node()).addKeyValue("seq", event.getSeq())
          .log("event with a name that is none was passed over");
      return;
    }
    switch (event.getEventCase()) {
      case PEER -> peer(change, event.getPeer(), event.getUntaped());
      case ROOM_OPENED -> rooms.open(change, event.getRoomOpened().getApp(), event.getRoomOpened().getRoom(),
          event.getRoomOpened().getInstance());
      case ROOM_CLOSED -> roomClosed(change, event.getRoomClosed());
      case TRACK_CHANGED -> trackChanged(change, event.getTrackChanged());
      case RECORDING_OPENED -> recordingOpened(change, event.getRecordingOpened());
      case TAPE_OPENED -> tapeOpened(change, event.getTapeOpened());
      case CHUNK_SEALED -> chunkSealed(change, event.getChunkSealed());
      case TAPE_CLOSED -> tapeClosed(change, event.getTapeClosed());
      case RECORDING_CLOSED -> recordingClosed(change, event.getRecordingClosed());
      case AUDITED -> audited(change, event.getAudited());
      case TRACK_SILENCED -> trackSilenced(change, event.getTrackSilenced());
      case RECORDING_PAUSED -> recordingPaused(change, event.getRecordingPaused());
      case RECORDING_INTERRUPTED -> recordingInterrupted(change, event.getRecordingInterrupted());
      case EVENT_NOT_SET -> LOG.atWarn().addKeyValue("node", change.node()).addKeyValue("seq", event.getSeq())
          .log("event of a kind this release does not know was passed over");
    }
  }

  private void peer(Change change, PeerEvent event, boolean isUntaped) {
    Optional<RoomRows.Stay> stay = RoomRows.stayOf(change.handle(), event.getApp(), event.getSessionId());
    String room = stay.map(RoomRows.Stay::room).orElse("");
    switch (event.getEventCase()) {
      case JOIN -> {
        room = event.getJoin().getRoom();
        rooms.join(change, event.getApp(), room, event.getJoin().getPeer(), event.getSessionId(), isUntaped);
      }
      case LEAVE, DISCONNECTED -> stay.ifPresent(left -> rooms.leave(change, left));
      default -> { }
    }
    feed.peer(change.handle(), change.node(), room, event, change.tsMillis(), change.nowMillis());
  }

  private void roomClosed(Change change, RoomClosed closed) {
    RoomRows.open(change.handle(), closed.getApp(), closed.getRoom())
        .filter(room -> closed.getInstance() == 0 || room.instance() == closed.getInstance())
        .ifPresent(room -> rooms.end(change, room, "closed"));
  }

  private void trackChanged(Change change, TrackChanged track) {
    String kind = track.getKind() == Kind.VIDEO ? "video" : "audio";
    if (track.getLive()) {
      RoomRows.startTrack(change.handle(), track.getApp(), track.getSession(),
          new RoomRows.Track(track.getTrack(), kind, track.getCodec(), false));
    } else {
      RoomRows.stopTrack(change.handle(), track.getApp(), track.getSession(), track.getTrack());
    }
    change.tell(track.getApp(), track.getRoom(), track.getLive() ? "track_started" : "track_stopped", Map.of(
        "peer", track.getPeer(), "session", track.getSession(), "name", track.getTrack(), "kind", kind,
        "codec", track.getCodec()));
  }

  /** Told at the first packet; the spool tells of the tape later, when it has something of it and its disk lets it. */
  private void recordingOpened(Change change, RecordingOpened opened) {
    RecordingRows.open(change.handle(), opened.getApp(), opened.getRecording(), opened.getRoom(), opened.getInstance(),
        change.node(), change.incarnation(), change.nowMillis());
    KnownClock clock = clocks.get(change.node());
    if (clock != null && clock.incarnation() == change.incarnation()) {
      RecordingRows.noteClock(change.handle(), change.node(), change.incarnation(), clock.state());
    }
    RecordingRows.find(change.handle(), opened.getApp(), opened.getRecording()).ifPresent(recording -> {
      begin(change, recording);
      reopen(change, recording);
    });
  }

  /** A process whose disk did not take the close before it died goes on with the recording in the next one. */
  private static void reopen(Change change, RecordingRows.Recording recording) {
    if (recording.isClosedInOrder() && recording.incarnation() != change.incarnation()) {
      RecordingRows.reopen(change.handle(), recording.app(), recording.recording(), change.node(), change.incarnation(),
          CRASH, change.nowMillis());
    }
  }

  /** Tells that there is something on tape, once. */
  private void begin(Change change, RecordingRows.Recording recording) {
    if (recording.state() != RecordingState.ARMED) {
      return;
    }
    RecordingRows.setState(change.handle(), recording.app(), recording.recording(), RecordingState.RECORDING);
    feed.record(change.handle(), change.node(), RecordEvent.newBuilder().setApp(recording.app())
            .setRoom(recording.room()).setStarted(RecordEvent.Started.newBuilder()
                .setPath(path(recording.app(), recording.room(), recording.recording()))),
        change.tsMillis(), change.nowMillis());
    change.tell(recording.app(), recording.room(), "recording_started", Map.of("recording", recording.recording()));
  }

  private void tapeOpened(Change change, TapeOpened opened) {
    TapeId tape = opened.getTape();
    RecordingRows.Recording recording = recordingOf(change, tape);
    long startedMs = opened.getStartedMs() > 0 ? opened.getStartedMs() : change.tsMillis();
    if (!TapeRows.open(change.handle(), tape, change.node(), Math.min(startedMs, change.tsMillis()))) {
      return;
    }
    RecordingRows.touch(change.handle(), tape.getApp(), tape.getRecording(), change.nowMillis());
    begin(change, recording);
    reopen(change, recording);
    feed.record(change.handle(), change.node(), recordEvent(tape)
            .setPeerJoined(RecordEvent.PeerJoined.newBuilder().setPeer(tape.getPeer())
                .setPath(KeySegment.escape(tape.getPeer()) + "/" + tape.getSession())),
        change.tsMillis(), change.nowMillis());
  }

  private void chunkSealed(Change change, ChunkSealed sealed) {
    TapeId tape = sealed.getTape();
    noteReturn(change, recordingOf(change, tape));
    TapeRows.open(change.handle(), tape, change.node(), sealed.getFromMs());
    String key = new ChunkKey(tape.getApp(), tape.getRoom(), tape.getRecording(), tape.getPeer(), tape.getSession(),
        sealed.getIndex(), sealed.getFromMs(), sealed.getToMs()).toString();
    TapeRows.promise(change.handle(), tape, new Promise(sealed.getIndex(), key, sealed.getFromMs(), sealed.getToMs(),
        sealed.getBytes(), sealed.getPackets(), hex(sealed.getSha256()), Promise.State.OPEN, sealed.getGapsList()),
        change.incarnation());
    TapeRows.tracks(change.handle(), tape, sealed.getTracksList());
    RecordingRows.touch(change.handle(), tape.getApp(), tape.getRecording(), change.nowMillis());
  }

  private void tapeClosed(Change change, TapeClosed closed) {
    TapeId tape = closed.getTape();
    noteReturn(change, recordingOf(change, tape));
    TapeRows.open(change.handle(), tape, change.node(), closed.getStartedMs());
    if (TapeRows.close(change.handle(), closed, change.incarnation())) {
      RecordingRows.touch(change.handle(), tape.getApp(), tape.getRecording(), change.nowMillis());
    }
  }

  /** Its process died and left it open; this one waits for its peers to come back, and will tell its close. */
  private void recordingInterrupted(Change change, RecordingInterrupted interrupted) {
    RecordingRows.open(change.handle(), interrupted.getApp(), interrupted.getRecording(), interrupted.getRoom(), 0,
        change.node(), change.incarnation(), change.nowMillis());
    RecordingRows.Recording recording =
        RecordingRows.find(change.handle(), interrupted.getApp(), interrupted.getRecording()).orElseThrow();
    noteReturn(change, recording);
    RecordingRows.takeOver(change.handle(), recording.app(), recording.recording(), change.node(),
        change.incarnation());
    if (recording.state() == RecordingState.PAUSED) {
      // Until the new process says that it keeps the pause: what it tapes is not to look as if there were one.
      RecordingRows.setState(change.handle(), recording.app(), recording.recording(), RecordingState.RECORDING);
    }
    addInterruptions(change, recording, interrupted.getInterruptionsList());
  }

  /** The first one means nothing where the close was told before it, and only the disk had not taken the close. */
  private static void addInterruptions(Change change, RecordingRows.Recording recording, List<Gap> interruptions) {
    for (Gap gap : interruptions.subList(recording.isClosedInOrder() ? 1 : 0, interruptions.size())) {
      if (InterruptionRows.add(change.handle(), recording.app(), recording.recording(),
          new Interruption(gap.getFromMs(), gap.getToMs()))) {
        RecordingRows.touch(change.handle(), recording.app(), recording.recording(), change.nowMillis());
      }
    }
  }

  private void recordingClosed(Change change, RecordingClosed closed) {
    Optional<RecordingRows.Recording> recording =
        RecordingRows.find(change.handle(), closed.getApp(), closed.getRecording());
    if (recording.isEmpty()) {
      RecordingRows.open(change.handle(), closed.getApp(), closed.getRecording(), closed.getRoom(), 0, change.node(),
          change.incarnation(), change.nowMillis());
    }
    if (closed.getInterruptionsCount() > 0) {
      addInterruptions(change,
          RecordingRows.find(change.handle(), closed.getApp(), closed.getRecording()).orElseThrow(),
          closed.getInterruptionsList());
    }
    String reason = Ids.isName(closed.getReason()) ? closed.getReason() : "unknown";
    if (RecordingRows.takeBackAssumption(
        change.handle(), closed.getApp(), closed.getRecording(), reason, change.nowMillis())) {
      RecordingRows.touch(change.handle(), closed.getApp(), closed.getRecording(), change.nowMillis());
    }
    closeRecording(change, closed.getApp(), closed.getRoom(), closed.getRecording(), reason);
  }

  /** No packet will be added. Closing what is closed changes nothing. */
  void closeRecording(Change change, String app, String room, long recording, String reason) {
    RecordingState state = RecordingRows.find(change.handle(), app, recording).orElseThrow().state();
    if (state == RecordingState.CLOSING || state == RecordingState.FINALIZED) {
      return;
    }
    RecordingRows.close(change.handle(), app, recording, reason, change.nowMillis());
    feed.record(change.handle(), change.node(), RecordEvent.newBuilder().setApp(app).setRoom(room)
            .setStopped(RecordEvent.Stopped.newBuilder().setPath(path(app, room, recording))),
        change.tsMillis(), change.nowMillis());
    change.tell(app, room, "recording_stopped", Map.of("recording", recording));
  }

  private void trackSilenced(Change change, TrackSilenced track) {
    RoomRows.setMuted(change.handle(), track.getApp(), track.getSession(), track.getTrack(), track.getSilenced());
    change.tell(track.getApp(), track.getRoom(), track.getSilenced() ? "track_muted" : "track_unmuted",
        Map.of("peer", track.getPeer(), "session", track.getSession(), "name", track.getTrack()));
  }

  private void recordingPaused(Change change, RecordingPaused paused) {
    RecordingState from = paused.getPaused() ? RecordingState.RECORDING : RecordingState.PAUSED;
    RecordingState to = paused.getPaused() ? RecordingState.PAUSED : RecordingState.RECORDING;
    Optional<RecordingRows.Recording> known =
        RecordingRows.find(change.handle(), paused.getApp(), paused.getRecording());
    if (known.filter(recording -> recording.state() == from).isPresent()) {
      RecordingRows.setState(change.handle(), paused.getApp(), paused.getRecording(), to);
      change.tell(paused.getApp(), paused.getRoom(), paused.getPaused() ? "recording_paused" : "recording_resumed",
          Map.of("recording", paused.getRecording()));
    }
  }

  private void audited(Change change, Audited act) {
    AuditEntry entry = new AuditEntry(act.getApp(), change.tsMillis(), act.getActor(), act.getAction(), act.getRoom(),
        act.getTarget(), act.getDetail(), AuditEntry.outcome(act.getRefusal()));
    Optional<AuditEntry> line =
        act.getRefusal().isEmpty() ? Optional.of(entry) : refusals.admit(entry, System.nanoTime());
    line.ifPresent(written -> AuditRows.append(change.handle(), written));
  }

  /** The recording a tape belongs to; its row is made if the event that opened it never came. */
  private static RecordingRows.Recording recordingOf(Change change, TapeId tape) {
    Optional<RecordingRows.Recording> known =
        RecordingRows.find(change.handle(), tape.getApp(), tape.getRecording());
    if (known.isPresent()) {
      return known.get();
    }
    RecordingRows.open(change.handle(), tape.getApp(), tape.getRecording(), tape.getRoom(), 0, change.node(),
        change.incarnation(), change.nowMillis());
    return RecordingRows.find(change.handle(), tape.getApp(), tape.getRecording()).orElseThrow();
  }

  /** Another process than the one that taped it has its disk, after its verdict was spoken. */
  private static void noteReturn(Change change, RecordingRows.Recording recording) {
    if (recording.state() == RecordingState.FINALIZED && recording.incarnation() != change.incarnation()) {
      RecordingRows.setChangeReason(change.handle(), recording.app(), recording.recording(), NODE_RETURNED);
    }
  }

  private static RecordEvent.Builder recordEvent(TapeId tape) {
    return RecordEvent.newBuilder().setApp(tape.getApp()).setRoom(tape.getRoom());
  }

  /** What hooks call a recording: the prefix of its keys, without the last slash. */
  static String path(String app, String room, long recording) {
    String prefix = ChunkKey.recordingPrefix(app, room, recording);
    return prefix.substring(0, prefix.length() - 1);
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static boolean isWellNamed(NodeEvent event) {
    return switch (event.getEventCase()) {
      case PEER -> Ids.isName(event.getPeer().getApp())
          && (!event.getPeer().hasJoin() || areNames(event.getPeer().getJoin().getRoom(),
              event.getPeer().getJoin().getPeer()));
      case ROOM_OPENED -> areNames(event.getRoomOpened().getApp(), event.getRoomOpened().getRoom());
      case ROOM_CLOSED -> areNames(event.getRoomClosed().getApp(), event.getRoomClosed().getRoom());
      case TRACK_CHANGED -> areNames(event.getTrackChanged().getApp(), event.getTrackChanged().getRoom(),
          event.getTrackChanged().getPeer(), event.getTrackChanged().getTrack(), event.getTrackChanged().getCodec());
      case RECORDING_OPENED -> areNames(event.getRecordingOpened().getApp(), event.getRecordingOpened().getRoom());
      case TAPE_OPENED -> isWellNamed(event.getTapeOpened().getTape());
      case CHUNK_SEALED -> isWellNamed(event.getChunkSealed().getTape()) && event.getChunkSealed().getIndex() >= 0
          && event.getChunkSealed().getIndex() <= ChunkKey.MAX_INDEX && event.getChunkSealed().getFromMs() >= 0
          && event.getChunkSealed().getToMs() >= 0;
      case TAPE_CLOSED -> isWellNamed(event.getTapeClosed().getTape());
      case RECORDING_CLOSED -> areNames(event.getRecordingClosed().getApp(), event.getRecordingClosed().getRoom());
      case TRACK_SILENCED -> areNames(event.getTrackSilenced().getApp(), event.getTrackSilenced().getRoom(),
          event.getTrackSilenced().getPeer(), event.getTrackSilenced().getTrack());
      case RECORDING_PAUSED -> areNames(event.getRecordingPaused().getApp(), event.getRecordingPaused().getRoom());
      case RECORDING_INTERRUPTED -> areNames(event.getRecordingInterrupted().getApp(),
          event.getRecordingInterrupted().getRoom());
      case AUDITED -> areNames(event.getAudited().getApp(), event.getAudited().getActor(),
          event.getAudited().getAction());
      case EVENT_NOT_SET -> true;
    };
  }

  private static boolean isWellNamed(TapeId tape) {
    return areNames(tape.getApp(), tape.getRoom(), tape.getPeer()) && tape.getRecording() >= 0 && tape.getSession() >= 0;
  }

  private static boolean areNames(String... names) {
    for (String name : names) {
      if (!Ids.isName(name)) {
        return false;
      }
    }
    return true;
  }
}
