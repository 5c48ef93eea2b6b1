package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.id.Ids;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads every frame of every segment, then every chunk they make. A segment is forced before the next begins, so only the
 * newest may end in the middle of a frame.
 */
final class SpoolAuditor {
  private final SpoolDisk disk;
  private final List<SpoolAudit.Damage> damages = new ArrayList<>();
  private long frames;
  private long tornBytes;
  private int chunks;

  SpoolAuditor(SpoolDisk disk) {
    this.disk = disk;
  }

  SpoolAudit audit(SpoolContents contents) throws IOException {
    List<Long> numbers =
        disk.list().stream().map(Segment::numberOf).flatMap(Optional::stream).sorted().toList();
    for (long number : numbers) {
      try (SpoolDisk.SegmentFile file = disk.open(Segment.name(number))) {
        read(new Segment(number, file, file.bytes()), number == numbers.getLast());
      }
    }
    for (JournalFrame orphan : contents.orphans()) {
      damage(orphan, "frame " + orphan.sequence + " of chunk " + orphan.chunk + " of session " + orphan.session
          + " stands without those before it");
    }
    for (SpooledRecording recording : contents.recordings()) {
      for (SpooledTape tape : recording.tapes()) {
        for (SpooledChunk chunk : tape.chunks.values()) {
          check(tape, chunk);
        }
      }
    }
    return new SpoolAudit(numbers.size(), frames, chunks, List.copyOf(damages), tornBytes);
  }

  private void read(Segment segment, boolean isNewest) throws IOException {
    long badBytes = segment.scan(frame -> frames++);
    if (badBytes == 0) {
      return;
    }
    long offset = segment.bytes - badBytes;
    Optional<Long> behind = frameBehind(segment, offset);
    if (isNewest && behind.isEmpty()) {
      tornBytes = badBytes;
      return;
    }
    damages.add(new SpoolAudit.Damage(segment.name(), offset, behind.isPresent()
        ? "the frame here is damaged; whole frames follow from " + behind.get() + " on, and are not read"
        : badBytes + " bytes make no whole frame"));
  }

  /** Where the next whole frame begins after bytes that make none. */
  private static Optional<Long> frameBehind(Segment segment, long from) throws IOException {
    for (long at = from + 1; at + JournalFrame.HEADER_BYTES <= segment.bytes; at++) {
      JournalFrame frame = segment.looksLikeFrame(at) ? segment.readFrame(at) : null;
      if (frame != null && isOurs(frame)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** Entries of chunks begin with length and checksum too, so within a payload they pass for frames; not with our ids. */
  private static boolean isOurs(JournalFrame frame) {
    boolean ofRecording = frame.session == 0 && frame.chunk == 0 && frame.sequence == 0;
    boolean ofSession = Ids.isNumber(frame.session);
    return Ids.isNumber(frame.recording) && switch (frame.type) {
      case SLAB -> ofSession;
      case TAPE -> ofSession && frame.chunk == 0 && frame.sequence == 0;
      case RECORDING, ORDERS -> ofRecording;
      case CHUNK_DONE -> ofSession && frame.payloadBytes == 0;
      case RECORDING_DONE -> ofRecording && frame.payloadBytes == 0;
    };
  }

  private void check(SpooledTape tape, SpooledChunk chunk) throws IOException {
    chunks++;
    JournalFrame first = chunk.pieces().getFirst();
    if (!chunk.isSealed()) {
      boolean shouldBeSealed = tape.isClosed || chunk.index < tape.soFar.getChunks();
      if (shouldBeSealed) {
        damage(first, "chunk " + chunk.index + " of session " + chunk.tape.getSession() + " has lost its end");
      }
      return;
    }
    ChunkReader reader = ChunkReader.of(chunk.read());
    while (reader.next()) {
      // its checksums are what matters
    }
    if (reader.state() != ChunkState.COMPLETE) {
      damage(first, "chunk " + chunk.index + " of session " + chunk.tape.getSession() + " is " + reader.state());
    }
  }

  private void damage(JournalFrame frame, String what) {
    damages.add(new SpoolAudit.Damage(
        frame.segment.name(), frame.payloadAt - JournalFrame.HEADER_BYTES, what));
  }
}
