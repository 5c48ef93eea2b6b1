package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.id.ChunkKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies a dead process's chunks to where they would have gone, without a connector. The spool stays as it is. */
public final class SpoolExport {
  private final Target target;
  private final long wallMillis;
  private final List<String> unreadable = new ArrayList<>();
  private int chunks;
  private int tapes;
  private long bytes;

  /** Where chunks go: a folder, or a bucket. */
  public interface Target {
    /** @param key with '/' between its escaped segments; what was there before is replaced */
    void put(String key, byte[] content) throws IOException, InterruptedException;
  }

  /** @param unreadable chunks that the disk did not give back, and why */
  public record Result(int chunks, long bytes, int tapes, List<String> unreadable) {}

  private SpoolExport(Target target, long wallMillis) {
    this.target = target;
    this.wallMillis = wallMillis;
  }

  static Result run(SpoolContents contents, Target target, long wallMillis) throws IOException, InterruptedException {
    SpoolExport export = new SpoolExport(target, wallMillis);
    for (SpooledRecording recording : contents.recordings()) {
      for (SpooledTape tape : recording.tapes()) {
        export.tape(recording, tape);
      }
    }
    return new Result(export.chunks, export.bytes, export.tapes, List.copyOf(export.unreadable));
  }

  private void tape(SpooledRecording recording, SpooledTape tape) throws IOException, InterruptedException {
    for (SpooledChunk chunk : tape.chunks.values()) {
      Optional<byte[]> content = read(chunk);
      if (content.isPresent()) {
        target.put(chunk.sealed().getKey(), content.get());
        chunks++;
        bytes += content.get().length;
      }
    }
    String folder = ChunkKey.sessionPrefix(tape.id.getApp(), tape.id.getRoom(), tape.id.getRecording(),
        tape.id.getPeer(), tape.id.getSession());
    target.put(folder + "tape.json", TapeJson.of(recording, tape));
    tapes++;
  }

  private Optional<byte[]> read(SpooledChunk chunk) throws IOException {
    try {
      if (!chunk.isSealed()) {
        end(chunk);
      }
      return Optional.of(chunk.read());
    } catch (IOException e) {
      unreadable.add("chunk " + chunk.index + " of session " + chunk.tape.getSession() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** As a restart of the dead process would. */
  private void end(SpooledChunk chunk) {
    GapEntry gap = new GapEntry(
        0, chunk.lastMillis(), Math.max(chunk.lastMillis(), wallMillis), GapEntry.CRASH, 0);
    byte[] ending = chunk.ending(Optional.of(gap));
    chunk.add(new JournalFrame(JournalFrame.Type.SLAB, JournalFrame.FLAG_LAST, chunk.tape.getRecording(),
        chunk.tape.getSession(), chunk.index, chunk.nextSequence(), ending), ending);
  }
}
