package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.core.audit.AuditEntry;
import dev.tapedeck.connector.core.audit.RefusalLog;
import dev.tapedeck.connector.core.ledger.ChunkLedger;
import dev.tapedeck.connector.core.record.RecordingLife;
import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.core.room.RoomLife;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.NodeRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RecordingRows.Recording;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of rooms and recordings: takes in what media servers tell, and on one thread of its own ends what has been
 * left alone and speaks verdicts.
 */
public final class Life implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Life.class);
  private static final long TICK_NANOS = 500_000_000;

  private final Database database;
  private final Rooms rooms;
  private final Intake intake;
  private final Finalizer finalizer;
  private final RoomWatch watch = new RoomWatch();
  private final LiveStats stats = new LiveStats();
  private final TokenRevocations revocations;
  private final RefusalLog refusals = new RefusalLog();
  private final FeedRetention retention;
  private final RoomLife roomLife;
  private final RecordingLife recordingLife;
  private final LongSupplier wallMillis;
  private final Runnable onWritten;

  /** Media servers that are given up at present. Owned by the one who ticks. */
  private final Set<Long> lost = new HashSet<>();

  private volatile Thread thread;
  private volatile boolean isClosed;

  /**
   * @param keepEvents how long the feed reaches back
   * @param keys       sign manifests
   * @param wallMillis gives Unix milliseconds
   * @param onWritten  called after this class wrote to the feed of its own accord
   */
  public Life(Database database, RecordedObjects objects, Feed feed, Duration keepEvents, SigningKeys keys,
      RoomLife roomLife, RecordingLife recordingLife, LongSupplier wallMillis, RandomGenerator random, Runnable onWritten) {
    this.database = database;
    this.rooms = new Rooms(feed, random);
    this.revocations = new TokenRevocations(database);
    this.intake = new Intake(database, feed, rooms, watch, stats, revocations, refusals, wallMillis);
    this.finalizer = new Finalizer(database, objects, feed, keys, wallMillis);
    this.retention = new FeedRetention(database, keepEvents);
    this.roomLife = roomLife;
    this.recordingLife = recordingLife;
    this.wallMillis = wallMillis;
    this.onWritten = onWritten;
  }

  public Intake intake() {
    return intake;
  }

  public RoomWatch watch() {
    return watch;
  }

  /** How media flow now. */
  public LiveStats stats() {
    return stats;
  }

  /** Which refusals get lines of their own in the audit log. */
  public RefusalLog refusals() {
    return refusals;
  }

  /** Tokens that open nothing any more. */
  public TokenRevocations revocations() {
    return revocations;
  }

  /** Begins to tick. Nobody has a stream at this moment, so every absence counts from now. */
  public void start() {
    database.run(handle -> NodeRows.allGone(handle, wallMillis.getAsLong()));
    thread = Thread.ofVirtual().name("life").start(() -> {
      while (!isClosed) {
        tickSafely();
        LockSupport.parkNanos(TICK_NANOS);
      }
    });
  }

  /** Looks now instead of at the next tick. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** One look at everything that is open. Called by the ticking thread; by tests, instead of it. */
  public void tick() {
    Map<Long, NodeRows.Node> nodes = database.read(NodeRows::all);
    nodes.values().forEach(this::noteIfLostAgain);
    Set<LiveStats.RoomName> watched = stats.watchedRooms();
    for (RoomRows.Room room : database.read(RoomRows::allOpen)) {
      // Of those who only watch nobody told a join; the media server keeps the room for them.
      boolean isWatched = watched.contains(new LiveStats.RoomName(room.app(), room.name()));
      OptionalLong emptySinceMs = isWatched ? OptionalLong.empty() : room.emptySinceMs();
      roomLife.endReason(emptySinceMs, goneMs(nodes, room.node(), room.incarnation()), wallMillis.getAsLong())
          .ifPresent(reason -> endRoom(room, reason));
    }
    for (Recording recording : database.read(RecordingRows::unsettled)) {
      step(recording, goneMs(nodes, recording.node(), recording.incarnation()));
    }
    retention.tick(wallMillis.getAsLong());
    revocations.forgetExpired(wallMillis.getAsLong());
    List<AuditEntry> overdue = refusals.overdue(System.nanoTime());
    if (!overdue.isEmpty()) {
      database.run(handle -> overdue.forEach(entry -> AuditRows.append(handle, entry)));
    }
  }

  private void tickSafely() {
    try {
      tick();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("rooms and recordings could not be looked at; next try in half a second");
    }
  }

  /** A media server that was given up and heard again was at work longer than the closes that were assumed say. */
  private void noteIfLostAgain(NodeRows.Node node) {
    long nowMillis = wallMillis.getAsLong();
    if (!recordingLife.isLost(node.goneMs(), nowMillis)) {
      lost.remove(node.node());
    } else if (lost.add(node.node())) {
      database.run(handle -> RecordingRows.moveAssumedClosesOfLost(handle, node, Intake.NODE_ENDED, nowMillis));
    }
  }

  private void endRoom(RoomRows.Room room, String reason) {
    Change change = database.write(handle -> {
      Change begun = Change.begin(handle, room.node(), room.incarnation(), wallMillis.getAsLong());
      // Looked at again, because somebody may have joined since.
      RoomRows.open(handle, room.app(), room.name())
          .filter(open -> open.equals(room)).ifPresent(open -> rooms.end(begun, open, reason));
      return begun;
    });
    watch.publish(change.told());
    onWritten.run();
  }

  private void step(Recording recording, OptionalLong nodeGoneMs) {
    boolean mayBeSettled = recording.state() == RecordingState.CLOSING || recording.state() == RecordingState.FINALIZED;
    boolean isWhole = mayBeSettled && new ChunkLedger(
        database.read(handle -> TapeRows.of(handle, recording.app(), recording.recording()))).isSettled();
    RecordingLife.Facts facts = new RecordingLife.Facts(recording.state(), recording.closedMs(), nodeGoneMs,
        recording.changedMs(), recording.changes() != recording.spokenChanges(), recording.isCloseAssumed(), isWhole);
    switch (recordingLife.next(facts, wallMillis.getAsLong())) {
      case WAIT -> { }
      case CLOSE -> close(recording);
      case FINALIZE, AMEND -> speak(recording);
    }
  }

  private void close(Recording recording) {
    Change change = database.write(handle -> {
      Change begun = Change.begin(handle, recording.node(), recording.incarnation(), wallMillis.getAsLong());
      intake.closeRecording(begun, recording.app(), recording.room(), recording.recording(), Intake.CRASH);
      RecordingRows.assumeClosed(handle, recording.app(), recording.recording());
      return begun;
    });
    watch.publish(change.told());
    onWritten.run();
  }

  private void speak(Recording recording) {
    try {
      finalizer.speak(recording);
      onWritten.run();
      LOG.atInfo().addKeyValue("app", recording.app()).addKeyValue("room", recording.room())
          .addKeyValue("recording", recording.recording()).log("verdict spoken");
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("recording", recording.recording()).addKeyValue("reason", e.getMessage())
          .log("manifest not stored; next try in half a second");
    }
  }

  /** A node we never heard of is as good as gone since ever. */
  private static OptionalLong goneMs(Map<Long, NodeRows.Node> nodes, long node, long incarnation) {
    NodeRows.Node known = nodes.get(node);
    return known == null ? OptionalLong.of(0) : known.goneMs(incarnation);
  }

  @Override
  public void close() {
    isClosed = true;
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
