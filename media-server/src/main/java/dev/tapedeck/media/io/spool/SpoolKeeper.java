package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.Slab;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.media.core.record.TapeMessage;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps every tape until it is stored: journals slabs, seals chunks, and lets go of them only when the connector has
 * both the promise and the object. What is told to the outside is durable first, unless the disk refuses. Owned by the
 * spool thread.
 */
final class SpoolKeeper {
  static final long NEVER = Long.MAX_VALUE;

  private final Durability durability;
  private final long commitIntervalNanos;
  private final Journal journal;
  private final SpoolMemory memory;
  private final SpoolEvents events;
  private final Consumer<SpooledChunk> uploads;
  private final Consumer<Slab> usedSlabs;
  private final Consumer<ChunkHash> hashing;
  private final Executor spoolThread;
  private final SpoolCounters counters;

  private final Map<Long, SpooledRecording> recordings = new LinkedHashMap<>();
  /** To be told when the next commit is through. */
  private final Queue<Runnable> afterCommit = new ArrayDeque<>();

  /** To be told when the commit under way is through. */
  private final Queue<Runnable> afterForce = new ArrayDeque<>();

  private long nextCommitNanos = NEVER;
  private boolean commitAtOnce;

  /**
   * @param uploads     gets each chunk that may be uploaded
   * @param usedSlabs   gets slabs back when their bytes are copied
   * @param hashing     gets each hash that is behind its chunk, and lets it catch up now or soon
   * @param spoolThread runs what answers bring, on the thread that owns this
   */
  SpoolKeeper(
      SpoolConfig config,
      Journal journal,
      SpoolEvents events,
      Consumer<SpooledChunk> uploads,
      Consumer<Slab> usedSlabs,
      Consumer<ChunkHash> hashing,
      Executor spoolThread,
      SpoolCounters counters) {
    durability = config.durability();
    commitIntervalNanos = config.commitInterval().toNanos();
    memory = new SpoolMemory(config.memoryBudgetBytes(), counters);
    this.journal = journal;
    this.events = events;
    this.uploads = uploads;
    this.usedSlabs = usedSlabs;
    this.hashing = hashing;
    this.spoolThread = spoolThread;
    this.counters = counters;
  }

  void handle(TapeMessage message) {
    switch (message) {
      case Slab slab -> slab(slab);
      case TapeMessage.ChunkEnded ended -> chunkEnded(ended);
      case TapeMessage.TapeEnded ended -> tapeEnded(ended);
      case TapeMessage.RecordingEnded ended -> recordingEnded(ended.closed());
      case TapeMessage.RecordingOrdered ordered -> recordingOrdered(ordered.orders());
    }
  }

  /** The connector has seen the object of this chunk. */
  void chunkVerified(SpooledChunk chunk) {
    if (!chunk.isVerified) {
      chunk.isVerified = true;
      counters.chunksVerified.incrementAndGet();
      counters.verifiedBytes.addAndGet(chunk.bytes());
      letGoIfDone(chunk);
    }
  }

  /** The disk does not give this chunk back: it becomes a gap of its tape, and is let go once the connector has that. */
  void chunkUnreadable(SpooledChunk chunk) {
    counters.chunksUnreadable.incrementAndGet();
    chunk.isUnreadable = true;
    SpooledTape tape = tape(chunk.tape);
    tape.lost(chunk.sealed());
    if (tape.isClosed) {
      noteClosed(tape, tape.soFar);
    } else {
      noteSoFar(tape, tape.soFar);
    }
  }

  /** Gives to the disk what was taken so far, unless it refuses now. Nothing is durable by that. */
  void write() {
    if (!journal.isFailing()) {
      journal.write();
    }
  }

  /** To be called after every batch of messages, and when {@link #nextTimeoutNanos} is reached. */
  void handleTimeout(long nowNanos) {
    write();
    if (isCommitDue(nowNanos)) {
      nextCommitNanos = NEVER;
      beginCommit();
    }
    if (nextCommitNanos == NEVER && hasUncommitted()) {
      nextCommitNanos = nowNanos + commitIntervalNanos;
    }
  }

  /** When {@link #handleTimeout} has something to do, {@link #NEVER} if only a message or an answer brings it. */
  long nextTimeoutNanos() {
    return journal.isCommitting() ? NEVER : nextCommitNanos;
  }

  private boolean isCommitDue(long nowNanos) {
    if (journal.isCommitting() || !hasUncommitted()) {
      return false;
    }
    boolean mayHurry = commitAtOnce || durability == Durability.ALWAYS || journal.wantsCommit();
    return nextCommitNanos != NEVER && nowNanos - nextCommitNanos >= 0 || mayHurry && !journal.isFailing();
  }

  private boolean hasUncommitted() {
    return journal.hasUncommitted() || !afterCommit.isEmpty() || !afterForce.isEmpty();
  }

  /** Makes everything durable, as far as the disk takes it, before it returns. */
  void commit() {
    if (journal.isCommitting()) {
      finishCommit();
    }
    takeAlong();
    tell(journal.commit());
  }

  /** The same beside what goes on. */
  private void beginCommit() {
    takeAlong();
    journal.beginCommit(() -> spoolThread.execute(this::finishCommitIfForced));
    finishCommitIfForced();
  }

  private void finishCommitIfForced() {
    if (journal.isForced()) {
      finishCommit();
    }
  }

  private void finishCommit() {
    tell(journal.finishCommit());
  }

  private void takeAlong() {
    commitAtOnce = false;
    afterForce.addAll(afterCommit);
    afterCommit.clear();
  }

  /** What waited for the commit is told, unless it is to wait for the next. */
  private void tell(boolean isDurable) {
    while (!afterForce.isEmpty() && (isDurable || journal.isFailing())) {
      afterForce.remove().run();
    }
  }

  /**
   * Writes to disk what lives in memory only. A disk that refuses is not asked again before the next commit.
   *
   * @return false if some of it still lives in memory only
   */
  boolean spill() {
    if (journal.isFailing()) {
      return false;
    }
    for (JournalFrame frame : memory.frames()) {
      if (!frame.isForced) {
        journal.add(frame);
      }
    }
    commit();
    return !journal.isFailing();
  }

  /**
   * The last thing before a stop.
   *
   * @return false if the disk refuses; what lives in memory only is lost then
   */
  boolean makeAllDurable() {
    commit();
    return spill();
  }

  /** Chunk bytes that would be lost with the process. */
  long undurableBytes() {
    return memory.undurableBytes();
  }

  /** Unix milliseconds of the oldest entry that is not known to be stored; 0 if there is none. */
  long oldestUnsentMillis() {
    long oldest = Long.MAX_VALUE;
    for (SpooledRecording recording : recordings.values()) {
      for (SpooledTape tape : recording.tapes()) {
        Map.Entry<Integer, SpooledChunk> first = tape.chunks.firstEntry();
        if (first != null) {
          oldest = Math.min(oldest, first.getValue().fromMillis());
        }
      }
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }

  Iterable<SpooledRecording> recordings() {
    return recordings.values();
  }

  Optional<SpooledRecording> find(long recording) {
    return Optional.ofNullable(recordings.get(recording));
  }

  SpooledRecording recording(long id) {
    SpooledRecording recording = recordings.computeIfAbsent(id, SpooledRecording::new);
    counters.recordings.set(recordings.size());
    return recording;
  }

  SpooledTape tape(TapeId id) {
    return recording(id.getRecording()).tapes.computeIfAbsent(id.getSession(), session -> new SpooledTape(id));
  }

  void forget(long recording) {
    recordings.remove(recording);
    counters.recordings.set(recordings.size());
  }

  /** Ends an open chunk and promises it. */
  void seal(SpooledTape tape, SpooledChunk chunk, Optional<GapEntry> gap) {
    store(tape, chunk, chunk.ending(gap), JournalFrame.FLAG_LAST);
    boolean isPartlyOnDisk = chunk.pieces().stream().anyMatch(piece -> piece.isForced || piece.isQueued);
    if (isPartlyOnDisk) {
      writeWhole(chunk); // what recovery would find in part must be there as a whole before anybody hears of it
    }
    counters.chunksSealed.incrementAndGet();
    promise(chunk);
  }

  private void writeWhole(SpooledChunk chunk) {
    chunk.pieces().stream().filter(piece -> !piece.isForced).forEach(journal::add);
  }

  /** Tells of a sealed chunk and uploads it, once it is durable. */
  void promise(SpooledChunk chunk) {
    SpooledTape tape = tape(chunk.tape);
    afterCommit.add(() -> {
      ChunkSealed told = chunk.sealed().toBuilder().addAllTracks(tape.soFar.getTracksList()).build();
      events.chunkSealed(told, () -> spoolThread.execute(() -> {
        chunk.isPromised = true;
        letGoIfDone(chunk);
      }));
      uploads.accept(chunk);
    });
  }

  void noteSoFar(SpooledTape tape, TapeClosed soFar) {
    tape.soFar = soFar;
    note(tape, 0);
  }

  void noteClosed(SpooledTape tape, TapeClosed closed) {
    tape.soFar = closed;
    tape.isClosed = true;
    tape.chunks.values().forEach(this::writeWhole); // a close that outlived them would not know that they are lost
    note(tape, JournalFrame.FLAG_CLOSED);
    tellClosed(tape);
  }

  void tellClosed(SpooledTape tape) {
    commitAtOnce = true;
    afterCommit.add(() -> {
      TapeClosed told = tape.soFar;
      events.tapeClosed(told, () -> spoolThread.execute(() -> closeStored(tape, told)));
    });
  }

  private void closeStored(SpooledTape tape, TapeClosed told) {
    tape.isCloseStored = true;
    for (SpooledChunk chunk : List.copyOf(tape.chunks.values())) {
      chunk.isLossStored |= chunk.isUnreadable && told.getLostChunksList().contains(chunk.index);
      letGoIfDone(chunk);
    }
    letGoIfDone(tape.id.getRecording());
  }

  void recordingEnded(RecordingClosed closed) {
    SpooledRecording recording = recording(closed.getRecording());
    recording.closed = closed.toBuilder().addAllInterruptions(recording.interruptions).build();
    note(recording, recording.closed, 0);
    tellClosed(recording);
  }

  /** The next process is to know it, should this one die. */
  private void recordingOrdered(RecordingOrders orders) {
    SpooledRecording recording = recording(orders.getRecording());
    JournalFrame older = recording.ordersNote;
    recording.orders = orders;
    recording.ordersNote =
        new JournalFrame(JournalFrame.Type.ORDERS, 0, recording.id, 0, 0, 0, orders.toByteArray());
    journal.replace(older, recording.ordersNote);
    commitAtOnce = true;
  }

  /** It stays open, and its manifest is to say that a process died. */
  void recordingInterrupted(String app, String room, SpooledRecording recording, Gap interruption) {
    recording.interruptions = Stream.concat(recording.interruptions.stream(), Stream.of(interruption)).toList();
    note(recording, RecordingClosed.newBuilder().setApp(app).setRoom(room).setRecording(recording.id)
        .addAllInterruptions(recording.interruptions).build(), JournalFrame.FLAG_INTERRUPTED);
    RecordingInterrupted told = RecordingInterrupted.newBuilder().setApp(app).setRoom(room).setRecording(recording.id)
        .addAllInterruptions(recording.interruptions).build();
    afterCommit.add(() -> events.recordingInterrupted(told));
  }

  private void note(SpooledRecording recording, RecordingClosed told, int flags) {
    JournalFrame older = recording.note;
    recording.note =
        new JournalFrame(JournalFrame.Type.RECORDING, flags, recording.id, 0, 0, 0, told.toByteArray());
    journal.replace(older, recording.note);
  }

  void tellClosed(SpooledRecording recording) {
    commitAtOnce = true;
    afterCommit.add(() -> events.recordingClosed(recording.closed, () -> spoolThread.execute(() -> {
      recording.isCloseStored = true;
      letGoIfDone(recording.id);
    })));
  }

  void tellOpened(SpooledTape tape) {
    events.tapeOpened(TapeOpened.newBuilder().setTape(tape.id).setStartedMs(tape.startedMillis()).build());
  }

  private void slab(Slab slab) {
    byte[] payload = new byte[slab.bytes()];
    slab.view().limit(slab.bytes()).position(0);
    slab.view().get(payload);
    TapeIdentity identity = slab.tape();
    int index = slab.chunk();
    usedSlabs.accept(slab);

    Optional<SpooledTape> known = knownTape(identity);
    SpooledTape tape = known.orElseGet(() -> tape(identity.toWire()));
    SpooledChunk chunk = tape.chunks.computeIfAbsent(index, number -> new SpooledChunk(tape.id, number));
    counters.tapedBytes.addAndGet(payload.length);
    store(tape, chunk, payload, 0);
    if (known.isEmpty()) {
      tellOpened(tape); // only now it is known since when
    }
  }

  private Optional<SpooledTape> knownTape(TapeIdentity identity) {
    return Optional.ofNullable(recording(identity.recording()).tapes.get(identity.session()));
  }

  private SpooledTape openTape(TapeIdentity identity) {
    return knownTape(identity).orElseGet(() -> {
      SpooledTape tape = tape(identity.toWire());
      tellOpened(tape);
      return tape;
    });
  }

  private void chunkEnded(TapeMessage.ChunkEnded ended) {
    SpooledTape tape = openTape(ended.tape());
    SpooledChunk chunk = tape.chunks.get(ended.chunk());
    if (chunk != null) {
      seal(tape, chunk, Optional.empty());
    }
    noteSoFar(tape, tape.corrected(ended.soFar()));
  }

  private void tapeEnded(TapeMessage.TapeEnded ended) {
    SpooledTape tape = openTape(ended.tape());
    noteClosed(tape, tape.corrected(ended.closed()));
  }

  private void store(SpooledTape tape, SpooledChunk chunk, byte[] payload, int flags) {
    byte[] kept = payload;
    if (!memory.makeRoom(payload.length, this::spill)) {
      Optional<SpooledChunk.WithoutPackets> rest = chunk.withoutPackets(payload);
      if (rest.isPresent()) {
        kept = rest.get().payload();
        dropped(tape, rest.get().gap());
      }
    }
    JournalFrame frame = new JournalFrame(JournalFrame.Type.SLAB, flags, tape.id.getRecording(), tape.id.getSession(),
        chunk.index, chunk.nextSequence(), kept);
    chunk.add(frame, kept);
    memory.add(frame, chunk.hash());
    hashing.accept(chunk.hash());
    counters.unsentBytes.addAndGet(kept.length);
    if (durability != Durability.PRESSURE) {
      journal.add(frame);
    }
  }

  private void dropped(SpooledTape tape, GapEntry gap) {
    counters.droppedPackets.addAndGet(gap.packets());
    tape.dropped(Gap.newBuilder().setTrack(gap.track()).setFromMs(gap.fromMs()).setToMs(gap.toMs())
        .setCause(gap.cause()).setPackets(gap.packets()).build());
  }

  private void note(SpooledTape tape, int flags) {
    JournalFrame older = tape.note;
    tape.note = new JournalFrame(JournalFrame.Type.TAPE, flags, tape.id.getRecording(), tape.id.getSession(), 0, 0,
        tape.soFar.toByteArray());
    journal.replace(older, tape.note);
  }

  private void letGoIfDone(SpooledChunk chunk) {
    boolean isSettled = chunk.isVerified || chunk.isLossStored;
    if (!isSettled || !chunk.isPromised || chunk.isLetGo) {
      return;
    }
    chunk.isLetGo = true;
    long recording = chunk.tape.getRecording();
    for (JournalFrame piece : chunk.pieces()) {
      memory.remove(piece);
      journal.release(piece);
      counters.unsentBytes.addAndGet(-piece.payloadBytes);
    }
    if (journal.holdsFramesOf(recording)) {
      journal.add(new JournalFrame(JournalFrame.Type.CHUNK_DONE, 0, recording, chunk.tape.getSession(), chunk.index, 0,
          new byte[0]));
    }
    tape(chunk.tape).chunks.remove(chunk.index);
    letGoIfDone(recording);
  }

  private void letGoIfDone(long id) {
    SpooledRecording recording = recordings.get(id);
    if (recording == null || !recording.isDone()) {
      return;
    }
    forget(id);
    for (SpooledTape tape : recording.tapes()) {
      journal.release(tape.note);
    }
    journal.release(recording.note);
    Optional.ofNullable(recording.ordersNote).ifPresent(journal::release);
    if (journal.holdsFramesOf(id)) {
      journal.add(new JournalFrame(JournalFrame.Type.RECORDING_DONE, 0, id, 0, 0, 0, new byte[0]));
    }
  }
}
