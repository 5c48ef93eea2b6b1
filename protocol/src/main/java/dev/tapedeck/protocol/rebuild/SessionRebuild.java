package dev.tapedeck.protocol.rebuild;

import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.ChunkChain;
import dev.tapedeck.protocol.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One session of a manifest, made from its chunks alone. Nobody can tell from them whether more followed the last one, so
 * its end is {@code unknown} and so is its tail. Used by one thread.
 */
public final class SessionRebuild {
  private final ChunkHeader first;
  private final SessionTally tally;
  private final List<Manifest.Chunk> chunks = new ArrayList<>();
  private final List<Manifest.Gap> gaps = new ArrayList<>();
  private byte[] link = new byte[ChunkFormat.SHA256_BYTES];

  /**
   * @param first header of the session's first chunk
   * @param tally has read, or is going to read, the same chunks
   */
  public SessionRebuild(ChunkHeader first, SessionTally tally) {
    this.first = first;
    this.tally = tally;
  }

  /**
   * Adds the chunk that the tally has just read to its end.
   *
   * @param name   of the object below the recording's folder
   * @param index  above that of the chunk before
   * @param sha256 lower-case hex, of all bytes
   */
  public void chunk(String name, int index, ChunkState state, long bytes, long packets, String sha256) {
    link = ChunkChain.next(link, HexFormat.of().parseHex(sha256));
    long fromMs = tally.chunkFromMs();
    long toMs = tally.chunkToMs();
    if (index > nextIndex()) {
      gap(chunks.isEmpty() ? fromMs : chunks.getLast().toMs(), fromMs, GapEntry.UPLOAD);
    }
    chunks.add(new Manifest.Chunk(index, recordingPrefix() + name, fromMs, toMs, bytes, packets, sha256,
        Optional.of(HexFormat.of().formatHex(link))));
    switch (state) {
      case COMPLETE -> {}
      case UNSEALED, TORN -> gap(toMs, toMs, GapEntry.CRASH);
      case CORRUPT, READING -> gap(fromMs, toMs, GapEntry.DISK);
    }
  }

  ChunkHeader header() {
    return first;
  }

  long packets() {
    return chunks.stream().mapToLong(Manifest.Chunk::packets).sum();
  }

  /** Gaps the tape names, and those that stand out: numbers that are not there, chunks that are not whole. */
  List<Manifest.Gap> gaps() {
    List<Manifest.Gap> all = new ArrayList<>(gaps);
    tally.gaps().forEach(gap -> all.add(new Manifest.Gap(first.peer(), first.session(), gap.track(),
        Instant.ofEpochMilli(gap.fromMs()), Instant.ofEpochMilli(gap.toMs()), gap.cause(), gap.packets(),
        gap.requested())));
    return all;
  }

  List<RoomEventEntry> roomEvents() {
    return tally.roomEvents();
  }

  Manifest.Session toManifest() {
    Instant from = Instant.ofEpochMilli(chunks.getFirst().fromMs());
    Instant to = Instant.ofEpochMilli(chunks.stream().mapToLong(Manifest.Chunk::toMs).max().orElseThrow());
    return new Manifest.Session(first.peer(), first.session(), first.node(), from, to, "unknown", Optional.of(to),
        tally.tracks().stream().map(TrackTally::toManifest).toList(), chunks, packets(),
        chunks.getLast().chain());
  }

  private int nextIndex() {
    return chunks.isEmpty() ? 0 : chunks.getLast().index() + 1;
  }

  private void gap(long fromMs, long toMs, String cause) {
    gaps.add(new Manifest.Gap(first.peer(), first.session(), 0, Instant.ofEpochMilli(fromMs),
        Instant.ofEpochMilli(toMs), cause, 0, false));
  }

  private String recordingPrefix() {
    return ChunkKey.recordingPrefix(first.app(), first.room(), first.recording());
  }
}
