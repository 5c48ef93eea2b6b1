package dev.tapedeck.media.io.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what a process before this one left in the journal: chunks that were sealed are uploaded, chunks that were
 * open are ended with a gap, tapes and recordings that were open are closed as crashed. May itself be cut off at any
 * point: the next one finds either the old state or the new.
 */
final class SpoolRecovery {
  private static final Logger log = LoggerFactory.getLogger(SpoolRecovery.class);

  private final Journal journal;
  private final SpoolKeeper keeper;
  private final SpoolCounters counters;

  /** Where each recording belongs, told by any of its tapes. */
  private final Map<Long, RoomName> rooms = new HashMap<>();

  /** Slabs that stand in the journal before, or without, one of a lower sequence. */
  private final Map<ChunkName, TreeMap<Integer, JournalFrame>> ahead = new LinkedHashMap<>();

  private record RoomName(String app, String room) {}

  private record ChunkName(long recording, long session, int index) {
    static ChunkName of(JournalFrame frame) {
      return new ChunkName(frame.recording, frame.session, frame.chunk);
    }
  }

  SpoolRecovery(Journal journal, SpoolKeeper keeper, SpoolCounters counters) {
    this.journal = journal;
    this.keeper = keeper;
    this.counters = counters;
  }

  /**
   * Reads the journal and tells everything that is not known to be stored.
   *
   * @param wallMillis Unix milliseconds of now: no packet of a dead process can be later
   */
  void run(long wallMillis) throws IOException {
    read();
    for (SpooledRecording recording : keeper.recordings()) {
      for (SpooledTape tape : recording.tapes()) {
        resume(tape, wallMillis);
      }
      if (recording.closed == null) {
        RoomName room = rooms.get(recording.id);
        keeper.recordingEnded(RecordingClosed.newBuilder().setApp(room.app()).setRoom(room.room())
            .setRecording(recording.id).setReason("crash").build());
      } else {
        keeper.tellClosed(recording);
      }
    }
    keeper.commit();
  }

  /** Only reads the journal; nothing is told and nothing is ended. */
  void read() throws IOException {
    journal.open(this::replay);
    for (TreeMap<Integer, JournalFrame> slabs : ahead.values()) {
      Optional<SpooledChunk> chunk = find(slabs.firstEntry().getValue());
      if (chunk.isPresent()) {
        closeRanks(chunk.get(), slabs.values());
      }
    }
  }

  /** First frames of chunks whose beginning is not in the journal, in the order of the journal. */
  Collection<JournalFrame> orphans() {
    return ahead.values().stream().map(slabs -> slabs.firstEntry().getValue()).filter(slab -> find(slab).isEmpty())
        .toList();
  }

  private void replay(JournalFrame frame) {
    try {
      switch (frame.type) {
        case SLAB -> slab(frame);
        case TAPE -> tape(frame);
        case RECORDING -> recording(frame);
        case CHUNK_DONE -> chunkDone(frame);
        case RECORDING_DONE -> recordingDone(frame);
      }
    } catch (InvalidProtocolBufferException e) {
      // Its checksum is right, so we wrote it: a later version may have, which the operator must hear of.
      log.atError().addKeyValue("segment", frame.segment.name()).addKeyValue("at", frame.payloadAt).setCause(e)
          .log("spool frame cannot be read and is left out");
    }
  }

  private void slab(JournalFrame frame) {
    byte[] payload = frame.payload();
    Optional<SpooledChunk> chunk = frame.sequence == 0 ? begin(frame, payload) : find(frame);
    boolean isAhead = chunk.isEmpty() || chunk.get().nextSequence() < frame.sequence;
    if (isAhead) {
      ahead.computeIfAbsent(ChunkName.of(frame), name -> new TreeMap<>()).put(frame.sequence, frame);
      frame.evict();
      return;
    }
    if (chunk.get().isSealed() || chunk.get().nextSequence() != frame.sequence) {
      return; // written twice, because a force had failed
    }
    chunk.get().add(frame, payload);
    take(chunk.get(), frame);
  }

  /** Puts slabs together around those that no place of the journal has. An ending that counted those is left out. */
  private void closeRanks(SpooledChunk chunk, Collection<JournalFrame> slabs) throws IOException {
    for (JournalFrame slab : slabs) {
      if (chunk.isSealed() || slab.sequence < chunk.nextSequence()) {
        continue;
      }
      byte[] payload = Journal.read(slab);
      chunk.hasEnded |= slab.isLast() && slab.sequence == chunk.nextSequence();
      if (slab.isLast() && !chunk.isEndedBy(payload)) {
        continue;
      }
      if (slab.sequence == chunk.nextSequence()) {
        chunk.add(slab, payload);
      } else {
        chunk.addBehindHole(slab, payload);
      }
      take(chunk, slab);
    }
  }

  private void take(SpooledChunk chunk, JournalFrame slab) {
    chunk.hash().catchUp();
    counters.unsentBytes.addAndGet(slab.payloadBytes);
    journal.keep(slab);
    slab.evict();
  }

  private Optional<SpooledChunk> begin(JournalFrame frame, byte[] payload) {
    return ChunkHeader.read(payload).map(header -> {
      TapeId id = TapeId.newBuilder().setApp(header.app()).setRoom(header.room()).setRecording(header.recording())
          .setPeer(header.peer()).setSession(header.session()).build();
      rooms.put(header.recording(), new RoomName(header.app(), header.room()));
      return keeper.tape(id).chunks.computeIfAbsent(frame.chunk, index -> new SpooledChunk(id, index));
    });
  }

  private Optional<SpooledChunk> find(JournalFrame frame) {
    return keeper.find(frame.recording).map(recording -> recording.tapes.get(frame.session))
        .map(tape -> tape.chunks.get(frame.chunk));
  }

  private void tape(JournalFrame frame) throws InvalidProtocolBufferException {
    TapeClosed told = TapeClosed.parseFrom(frame.payload());
    rooms.put(frame.recording, new RoomName(told.getTape().getApp(), told.getTape().getRoom()));
    SpooledTape tape = keeper.tape(told.getTape());
    if (tape.note != null) {
      journal.release(tape.note);
    }
    tape.note = frame;
    tape.soFar = told;
    tape.isClosed = frame.isClosed();
    journal.keep(frame);
  }

  private void recording(JournalFrame frame) throws InvalidProtocolBufferException {
    SpooledRecording recording = keeper.recording(frame.recording);
    if (recording.note != null) {
      journal.release(recording.note);
    }
    recording.note = frame;
    recording.closed = RecordingClosed.parseFrom(frame.payload());
    journal.keep(frame);
  }

  private void chunkDone(JournalFrame frame) {
    ahead.remove(ChunkName.of(frame));
    find(frame).ifPresent(chunk -> {
      release(chunk);
      keeper.tape(chunk.tape).chunks.remove(chunk.index);
    });
    journal.keep(frame);
  }

  private void recordingDone(JournalFrame frame) {
    ahead.keySet().removeIf(chunk -> chunk.recording() == frame.recording);
    keeper.find(frame.recording).ifPresent(recording -> {
      for (SpooledTape tape : recording.tapes()) {
        tape.chunks.values().forEach(this::release);
        Optional.ofNullable(tape.note).ifPresent(journal::release);
      }
      Optional.ofNullable(recording.note).ifPresent(journal::release);
      keeper.forget(recording.id);
    });
    journal.keep(frame);
  }

  private void release(SpooledChunk chunk) {
    for (JournalFrame piece : chunk.pieces()) {
      journal.release(piece);
      counters.unsentBytes.addAndGet(-piece.payloadBytes);
    }
  }

  private void resume(SpooledTape tape, long wallMillis) throws IOException {
    keeper.tellOpened(tape);
    if (!tape.isClosed) {
      closeCrashed(tape, wallMillis);
      return;
    }
    Set<Gap> losses = losses(tape);
    for (SpooledChunk chunk : List.copyOf(tape.chunks.values())) {
      promise(tape, chunk, Optional.empty());
    }
    if (losses.isEmpty()) {
      keeper.tellClosed(tape);
    } else {
      keeper.noteClosed(tape, withGaps(tape.soFar.toBuilder(), losses).build());
    }
  }

  private void promise(SpooledTape tape, SpooledChunk chunk, Optional<GapEntry> atEnd) {
    if (chunk.isSealed()) {
      keeper.promise(chunk);
    } else {
      keeper.seal(tape, chunk, atEnd);
    }
  }

  /** Names, in each chunk of which the disk has lost a part, what that was. */
  private Set<Gap> losses(SpooledTape tape) {
    Set<Gap> losses = new LinkedHashSet<>();
    for (SpooledChunk chunk : tape.chunks.values()) {
      for (GapEntry loss : SpoolLoss.of(tape, chunk)) {
        keeper.name(tape, chunk, loss);
        losses.add(loss.toWire());
        log.atError().addKeyValue("room", tape.id.getRoom()).addKeyValue("peer", tape.id.getPeer())
            .addKeyValue("recording", tape.id.getRecording()).addKeyValue("chunk", chunk.index)
            .log("a part of a chunk is lost to the spool disk; it becomes a gap");
      }
    }
    return losses;
  }

  private static TapeClosed.Builder withGaps(TapeClosed.Builder closed, Set<Gap> more) {
    more.stream().filter(gap -> !closed.getGapsList().contains(gap)).toList().forEach(closed::addGaps);
    return closed;
  }

  private void closeCrashed(SpooledTape tape, long wallMillis) throws IOException {
    TapeSurvey survey = new TapeSurvey(tape.soFar);
    for (SpooledChunk chunk : tape.chunks.values()) {
      if (chunk.index >= tape.soFar.getChunks()) {
        survey.add(chunk);
      }
    }
    Set<Gap> losses = losses(tape);
    long lastMillis = survey.lastMillis();
    GapEntry gap = new GapEntry(0, lastMillis, Math.max(lastMillis, wallMillis), GapEntry.CRASH, 0);
    for (SpooledChunk chunk : List.copyOf(tape.chunks.values())) {
      promise(tape, chunk, Optional.of(gap));
    }
    keeper.noteClosed(tape, withGaps(survey.closed(), losses).addGaps(gap.toWire())
        .setEnd(TapeClosed.End.CRASHED).build());
    counters.tapesRecovered.incrementAndGet();
    log.atWarn().addKeyValue("room", tape.id.getRoom()).addKeyValue("peer", tape.id.getPeer())
        .addKeyValue("recording", tape.id.getRecording()).log("tape of a dead process closed with a gap");
  }
}
