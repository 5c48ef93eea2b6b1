package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.TapeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What lies in a spool and is not known to be stored.
 *
 * @param folder       where it is
 * @param isLive       a running process holds it
 * @param diskBytes    of all segments
 * @param unsentBytes  of chunks, open or sealed
 * @param oldestUnsent when the oldest of these bytes was taped
 * @param recordings   in the order they began
 */
public record SpoolListing(
    String folder,
    boolean isLive,
    long diskBytes,
    long unsentBytes,
    Optional<Instant> oldestUnsent,
    List<Recording> recordings) {

  /** @param closeReason empty while it is open */
  public record Recording(String app, String room, long recording, String closeReason, List<Tape> tapes) {
    public long bytes() {
      return tapes.stream().flatMap(tape -> tape.chunks().stream()).mapToLong(Chunk::bytes).sum();
    }

    public int chunkCount() {
      return tapes.stream().mapToInt(tape -> tape.chunks().size()).sum();
    }

    public Optional<Instant> oldest() {
      return tapes.stream().flatMap(tape -> tape.chunks().stream()).map(Chunk::from).min(Instant::compareTo);
    }
  }

  /** @param isClosed nothing more is taped */
  public record Tape(String peer, long session, boolean isClosed, List<Chunk> chunks) {}

  /**
   * @param key      its place in the store; empty while the chunk is open
   * @param isSealed it is whole and promised
   */
  public record Chunk(int index, String key, Instant from, Instant to, long bytes, long packets, boolean isSealed) {}

  static SpoolListing of(String folder, boolean isLive, SpoolContents contents) {
    return new SpoolListing(folder, isLive, contents.diskBytes(), contents.unsentBytes(),
        contents.oldestUnsentMillis().map(Instant::ofEpochMilli),
        contents.recordings().stream().map(SpoolListing::recording).toList());
  }

  private static Recording recording(SpooledRecording recording) {
    TapeId any = recording.tapes().stream().findFirst().map(tape -> tape.id).orElse(TapeId.getDefaultInstance());
    boolean isClosed = recording.closed != null;
    return new Recording(isClosed ? recording.closed.getApp() : any.getApp(),
        isClosed ? recording.closed.getRoom() : any.getRoom(), recording.id,
        isClosed ? recording.closed.getReason() : "",
        recording.tapes().stream().map(SpoolListing::tape).toList());
  }

  private static Tape tape(SpooledTape tape) {
    return new Tape(tape.id.getPeer(), tape.id.getSession(), tape.isClosed,
        tape.chunks.values().stream().map(SpoolListing::chunk).toList());
  }

  private static Chunk chunk(SpooledChunk chunk) {
    String key = Optional.ofNullable(chunk.sealed()).map(ChunkSealed::getKey).orElse("");
    return new Chunk(chunk.index, key, Instant.ofEpochMilli(chunk.fromMillis()),
        Instant.ofEpochMilli(chunk.lastMillis()), chunk.bytes(), chunk.packets(), chunk.isSealed());
  }
}
