package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.wire.RecordPolicy;
import dev.tapedeck.protocol.wire.RecordingOrders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The recording of one room instance: at most one is open at a time. It is armed when the first session that should be
 * taped joins, begins with the first packet, and closes when the last taped session has left and nobody came back within
 * the grace time, when it is stopped, or with the room. One that a dead process left open goes on, under the orders that
 * were in force. Owned by the worker thread.
 */
final class RoomTape {
  /** No recording is open. */
  static final long NONE = 0;

  /** By that the next process knows that they were in force not long ago, also where nobody says a word. */
  private static final long ORDERS_SAID_AGAIN_NANOS = 10_000_000_000L;

  private final Room room;
  private final TapeDeck deck;
  private final RoomEvents events;
  private final TimerHeap timers;
  private final TimerHeap.Timer graceTimer = new TimerHeap.Timer(this::graceIsOver);
  private final TimerHeap.Timer ordersTimer = new TimerHeap.Timer(this::sayOrders);
  private final Map<Publication, Tape> tapes = new LinkedHashMap<>();
  private long recording = NONE;
  private boolean begun;
  private boolean everybody;
  private boolean paused;

  /** The peer whose token asked for the open recording; "" if the room was asked for. */
  private String askedBy = "";

  private RecordPolicy policy = RecordPolicy.getDefaultInstance();

  RoomTape(Room room, TapeDeck deck, RoomEvents events, TimerHeap timers) {
    this.room = room;
    this.deck = deck;
    this.events = events;
    this.timers = timers;
  }

  /** Id of the open recording, or {@link #NONE}. */
  long recording() {
    return recording;
  }

  RecordingState state() {
    if (recording == NONE) {
      return RecordingState.NONE;
    }
    return !begun ? RecordingState.ARMED : paused ? RecordingState.PAUSED : RecordingState.RECORDING;
  }

  /** The peer whose token asked for the open recording; empty if it came from outside the room. */
  Optional<String> askedBy() {
    return Optional.of(askedBy).filter(peer -> !peer.isEmpty());
  }

  /** Whether what this session sends is on tape. */
  boolean isTaped(Publication publication) {
    return tapes.containsKey(publication);
  }

  /** Whether this session should be on tape. */
  boolean wants(Publication publication) {
    Join join = publication.join();
    return (everybody || join.record()) && !join.recordExclude() && !publication.isHidden();
  }

  void peerJoined(long nowNanos, Publication publication) {
    goOn(nowNanos, wants(publication) ? publication.peer() : "", wants(publication));
    if (wants(publication)) {
      tape(nowNanos, publication);
    }
  }

  /** Writes what happened in the room on every tape of it; made only if there is one. */
  void tell(long nowNanos, LongFunction<RoomEventEntry> event) {
    if (!tapes.isEmpty()) {
      byte[] json = event.apply(wallMillis(nowNanos)).toJson();
      tapes.values().forEach(tape -> tape.roomEvent(nowNanos, json));
    }
  }

  void peerLeft(long nowNanos, Publication publication, CloseReason reason) {
    Tape tape = tapes.remove(publication);
    if (tape == null) {
      return;
    }
    tape.close(nowNanos, endOf(reason));
    publication.tapeTo(null);
    if (tapes.isEmpty() && !everybody) {
      timers.schedule(graceTimer, nowNanos + deck.graceNanos());
    }
  }

  /** Tapes everybody in the room, those to come included; returns the recording's id. */
  long start(long nowNanos, RecordPolicy policy) {
    goOn(nowNanos, "", true);
    everybody = true;
    this.policy = policy;
    open("");
    sayOrders(nowNanos);
    for (Publication publication : room.publications()) {
      tape(nowNanos, publication);
    }
    return recording;
  }

  /** Tapes nothing from now on and keeps the recording open, or goes on; returns its id, or {@link #NONE}. */
  long pause(long nowNanos, boolean isPaused) {
    if (recording == NONE || paused == isPaused) {
      return recording;
    }
    paused = isPaused;
    sayOrders(nowNanos);
    tapes.values().forEach(tape -> tape.setPaused(isPaused));
    tell(nowNanos, at -> RoomEventEntry.recording(
        isPaused ? RoomEventEntry.RECORDING_PAUSED : RoomEventEntry.RECORDING_RESUMED, at));
    if (begun) {
      events.recordingPaused(room.app, room.name, recording, isPaused);
    }
    return recording;
  }

  /** Ends the open recording, if any. */
  void stop(long nowNanos, String reason) {
    timers.cancel(graceTimer);
    timers.cancel(ordersTimer);
    everybody = false;
    policy = RecordPolicy.getDefaultInstance();
    if (recording == NONE) {
      return;
    }
    tapes.forEach((publication, tape) -> {
      tape.close(nowNanos, TapeEnd.STOPPED);
      publication.tapeTo(null);
    });
    tapes.clear();
    long closed = recording;
    recording = NONE;
    deck.recordingClosed(room.app, room.name, closed, reason);
    events.recordingClosed(room.app, room.name, closed, reason);
  }

  private void tape(long nowNanos, Publication publication) {
    if (tapes.containsKey(publication) || !wants(publication)) {
      return;
    }
    timers.cancel(graceTimer);
    open(publication.peer());
    RecordPolicy own = publication.join().recordPolicy().orElse(policy);
    Tape tape = new Tape(deck.open(identity(publication), own, nowNanos), own, timers);
    for (RoomEventEntry present : room.present(wallMillis(nowNanos))) {
      tape.roomEvent(nowNanos, present.toJson());
    }
    if (paused) {
      tape.setPaused(true);
      tape.roomEvent(
          nowNanos, RoomEventEntry.recording(RoomEventEntry.RECORDING_PAUSED, wallMillis(nowNanos)).toJson());
    }
    tapes.put(publication, tape);
    publication.tapeTo(tape);
  }

  private long wallMillis(long nowNanos) {
    return deck.wallClock().epochNanos(nowNanos) / 1_000_000;
  }

  private void open(String peer) {
    if (recording == NONE) {
      askedBy = peer;
      recording = deck.newRecording();
      begun = false;
      paused = false;
    }
  }

  /** Takes over what a dead process left open. */
  private void goOn(long nowNanos, String peer, boolean wantsTape) {
    if (recording == NONE) {
      deck.unfinished().take(room.app, room.name, wantsTape).ifPresent(left -> goOn(nowNanos, peer, left));
    }
  }

  private void goOn(long nowNanos, String peer, UnfinishedRecording left) {
    askedBy = left.orders().getEverybody() ? "" : peer;
    recording = left.recording();
    begun = false;
    paused = left.orders().getPaused();
    everybody = left.orders().getEverybody();
    policy = left.orders().getPolicy();
    if (paused || everybody) {
      sayOrders(nowNanos);
    }
  }

  private void sayOrders(long nowNanos) {
    deck.recordingOrdered(RecordingOrders.newBuilder().setApp(room.app).setRoom(room.name).setRecording(recording)
        .setSaidMs(wallMillis(nowNanos)).setPaused(paused).setEverybody(everybody).setPolicy(policy).build());
    if (paused || everybody) {
      timers.schedule(ordersTimer, nowNanos + ORDERS_SAID_AGAIN_NANOS);
    } else {
      timers.cancel(ordersTimer);
    }
  }

  /** Called for every packet that is taped, or is told to be missing; the first one of the recording begins it. */
  void packetTaped() {
    if (!begun) {
      begun = true;
      events.recordingOpened(room.app, room.name, room.instance, recording);
      if (paused) {
        events.recordingPaused(room.app, room.name, recording, true);
      }
    }
  }

  private void graceIsOver(long nowNanos) {
    stop(nowNanos, "empty");
  }

  private TapeIdentity identity(Publication publication) {
    return new TapeIdentity(room.app, room.name, room.instance, recording, publication.peer(),
        publication.id(), deck.node());
  }

  /** Why a tape ends when its session does. */
  static TapeEnd endOf(CloseReason reason) {
    return switch (reason) {
      case LEFT, DTLS_FAILED -> TapeEnd.LEFT;
      case CONNECT_TIMEOUT, CONSENT_EXPIRED -> TapeEnd.TIMED_OUT;
      case REPLACED -> TapeEnd.REPLACED;
      case KICKED, ROOM_CLOSED -> TapeEnd.STOPPED;
      case SHUTDOWN -> TapeEnd.NODE_SHUTDOWN;
    };
  }
}
