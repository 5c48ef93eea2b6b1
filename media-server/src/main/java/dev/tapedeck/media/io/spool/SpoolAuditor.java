package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
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
    long badBytes = segment.scan(frame -> frames++, damage -> damages.add(new SpoolAudit.Damage(segment.name(),
        damage.at(), "the frame here is damaged; whole frames follow from " + (damage.at() + damage.bytes()) + " on")));
    if (isNewest) {
      tornBytes = badBytes;
    } else if (badBytes > 0) {
      damages.add(new SpoolAudit.Damage(
          segment.name(), segment.bytes - badBytes, badBytes + " bytes make no whole frame"));
    }
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
