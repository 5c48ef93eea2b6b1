package dev.tapedeck.media.io.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingOrders;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what a process before this one left in the journal: chunks that were sealed are uploaded, chunks that were
 * open are ended with a gap, tapes that were open are closed as crashed. A recording that was open is closed too, or
 * noted as interrupted if its peers may still come back. May itself be cut off at any point: the next one finds either
 * the old state or the new.
 */
final class SpoolRecovery {
  private static final Logger log = LoggerFactory.getLogger(SpoolRecovery.class);

  private final Journal journal;
  private final SpoolKeeper keeper;
  private final SpoolCounters counters;

  /** Where each recording belongs, told by any of its tapes. */
  private final Map<Long, RoomName> rooms = new HashMap<>();

  private final Map<ChunkName, JournalFrame> orphans = new LinkedHashMap<>();

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
   * @param goesOnFor  how old the last packet of a recording, or its orders, may be that is left open
   * @return those recordings
   */
  List<UnfinishedRecording> run(long wallMillis, Duration goesOnFor) throws IOException {
    read();
    List<UnfinishedRecording> unfinished = new ArrayList<>();
    for (SpooledRecording recording : keeper.recordings()) {
      for (SpooledTape tape : recording.tapes()) {
        resume(tape, wallMillis);
      }
      long saidMillis = recording.orders.getSaidMs();
      long lastMillis =
          recording.tapes().stream().mapToLong(tape -> tape.soFar.getEndedMs()).max().orElse(saidMillis);
      if (recording.closed != null) {
        keeper.tellClosed(recording);
      } else if (wallMillis - Math.max(lastMillis, saidMillis) < goesOnFor.toMillis()) {
        unfinished.add(interrupt(recording, lastMillis, wallMillis));
      } else {
        close(recording);
      }
    }
    keeper.commit();
    return unfinished;
  }

  private UnfinishedRecording interrupt(SpooledRecording recording, long lastMillis, long wallMillis) {
    RoomName room = rooms.get(recording.id);
    keeper.recordingInterrupted(room.app(), room.room(), recording, Gap.newBuilder().setFromMs(lastMillis)
        .setToMs(Math.max(lastMillis, wallMillis)).setCause(GapEntry.CRASH).build());
    return new UnfinishedRecording(room.app(), room.room(), recording.id, recording.orders);
  }

  private void close(SpooledRecording recording) {
    RoomName room = rooms.get(recording.id);
    keeper.recordingEnded(RecordingClosed.newBuilder().setApp(room.app()).setRoom(room.room())
        .setRecording(recording.id).setReason(UnfinishedRecording.CRASH).build());
  }

  /** Only reads the journal; nothing is told and nothing is ended. */
  void read() throws IOException {
    journal.open(this::replay);
  }

  /** First frames of chunks whose beginning is not in the journal, in the order of the journal. */
  Collection<JournalFrame> orphans() {
    return orphans.values();
  }

  private void replay(JournalFrame frame) {
    try {
      switch (frame.type) {
        case SLAB -> slab(frame);
        case TAPE -> tape(frame);
        case RECORDING -> recording(frame);
        case CHUNK_DONE -> chunkDone(frame);
        case RECORDING_DONE -> recordingDone(frame);
        case ORDERS -> orders(frame);
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
    boolean isOrphan = chunk.isEmpty() || chunk.get().nextSequence() < frame.sequence;
    if (isOrphan) {
      orphans.putIfAbsent(ChunkName.of(frame), frame);
      frame.evict();
      return;
    }
    if (chunk.get().isSealed() || chunk.get().nextSequence() != frame.sequence) {
      return; // written twice, because a force had failed
    }
    chunk.get().add(frame, payload);
    chunk.get().hash().catchUp();
    counters.unsentBytes.addAndGet(frame.payloadBytes);
    journal.keep(frame);
    frame.evict();
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
    RecordingClosed told = RecordingClosed.parseFrom(frame.payload());
    rooms.put(recording.id, new RoomName(told.getApp(), told.getRoom()));
    recording.interruptions = told.getInterruptionsList();
    recording.closed = frame.isInterruption() ? null : told;
    journal.keep(frame);
  }

  private void orders(JournalFrame frame) throws InvalidProtocolBufferException {
    SpooledRecording recording = keeper.recording(frame.recording);
    if (recording.ordersNote != null) {
      journal.release(recording.ordersNote);
    }
    recording.ordersNote = frame;
    recording.orders = RecordingOrders.parseFrom(frame.payload());
    rooms.put(recording.id, new RoomName(recording.orders.getApp(), recording.orders.getRoom()));
    journal.keep(frame);
  }

  private void chunkDone(JournalFrame frame) {
    orphans.remove(ChunkName.of(frame));
    find(frame).ifPresent(chunk -> {
      release(chunk);
      keeper.tape(chunk.tape).chunks.remove(chunk.index);
    });
    journal.keep(frame);
  }

  private void recordingDone(JournalFrame frame) {
    orphans.keySet().removeIf(chunk -> chunk.recording() == frame.recording);
    keeper.find(frame.recording).ifPresent(recording -> {
      for (SpooledTape tape : recording.tapes()) {
        tape.chunks.values().forEach(this::release);
        Optional.ofNullable(tape.note).ifPresent(journal::release);
      }
      Optional.ofNullable(recording.note).ifPresent(journal::release);
      Optional.ofNullable(recording.ordersNote).ifPresent(journal::release);
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
    boolean isWhole = tape.isClosed && tape.chunks.values().stream().allMatch(SpooledChunk::isSealed);
    if (isWhole) {
      tape.chunks.values().forEach(keeper::promise);
      keeper.tellClosed(tape);
    } else {
      closeCrashed(tape, wallMillis);
    }
  }

  private void closeCrashed(SpooledTape tape, long wallMillis) throws IOException {
    TapeSurvey survey = new TapeSurvey(tape.soFar);
    for (SpooledChunk chunk : tape.chunks.values()) {
      if (chunk.index >= tape.soFar.getChunks()) {
        survey.add(chunk);
      }
    }
    long lastMillis = survey.lastMillis();
    GapEntry gap = new GapEntry(0, lastMillis, Math.max(lastMillis, wallMillis), GapEntry.CRASH, 0);
    for (SpooledChunk chunk : List.copyOf(tape.chunks.values())) {
      if (chunk.isSealed()) {
        keeper.promise(chunk);
      } else {
        keeper.seal(tape, chunk, Optional.of(gap));
      }
    }
    keeper.noteClosed(tape, survey.closed().addGaps(Gap.newBuilder().setFromMs(gap.fromMs()).setToMs(gap.toMs())
        .setCause(gap.cause())).setEnd(TapeClosed.End.CRASHED).build());
    counters.tapesRecovered.incrementAndGet();
    log.atWarn().addKeyValue("room", tape.id.getRoom()).addKeyValue("peer", tape.id.getPeer())
        .addKeyValue("recording", tape.id.getRecording()).log("tape of a dead process closed with a gap");
  }
}
