package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkWriter;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one tape into chunks and chunks into slabs. An entry never spans two slabs. Index and end mark are not written
 * here: the spool adds them, because it computes the checksum, and may have had to drop a slab. Owned by the worker
 * thread.
 */
final class ChunkAssembler {
  /** The two clocks drift, so chunks pair them again this often. */
  static final long CLOCK_INTERVAL_NANOS = 5_000_000_000L;

  /** The wall clock may step: by this much or more, and the next slab pairs them again. */
  static final long CLOCK_STEP_NANOS = 10_000_000L;

  static final long NEVER = Long.MAX_VALUE;

  /** Says what a close at this moment would say; asked when a chunk ends. */
  @FunctionalInterface
  interface Summary {
    TapeClosed soFar();
  }

  private final TapeIdentity tape;
  private final RecordLimits limits;
  private final SlabSink sink;
  private final WallClock wallClock;
  private final Summary summary;
  private final ChunkWriter writer = new ChunkWriter();

  /** JSON of each track, by number less one. */
  private final List<byte[]> tracks = new ArrayList<>();

  private Slab slab;
  private long slabOpenedNanos;
  private int slabSequence;

  private boolean chunkOpen;
  private int chunksBegun;
  private long chunkOpenedNanos;

  /** Bytes of the open chunk in slabs already handed over. */
  private int handedOverBytes;

  /** The last pair: monotonic time, and by how much the wall clock was ahead of it. */
  private long clockNanos;

  private long clockAheadNanos;

  /** Tracks that stand in the open chunk, counted from number 1 on. */
  private int tracksDescribed;

  ChunkAssembler(
      TapeIdentity tape, RecordLimits limits, SlabSink sink, WallClock wallClock, Summary summary) {
    this.tape = tape;
    this.limits = limits;
    this.sink = sink;
    this.wallClock = wallClock;
    this.summary = summary;
  }

  boolean rtp(int track, int flags, long nowNanos, MemorySegment memory, long offset, int length) {
    return makeRoom(nowNanos, length) && writer.rtp(track, flags, nowNanos, memory, offset, length);
  }

  boolean senderReport(int track, long nowNanos, MemorySegment memory, long offset, int length) {
    return makeRoom(nowNanos, length) && writer.senderReport(track, nowNanos, memory, offset, length);
  }

  /** Writes an entry that is not a packet; opens a chunk if none is open. */
  boolean write(EntryKind kind, int track, long nowNanos, byte[] payload) {
    return makeRoom(nowNanos, payload.length) && writer.bytes(kind, track, nowNanos, payload);
  }

  /** Describes a track in the open chunk and in every one to come. */
  void putTrack(int number, long nowNanos, byte[] json) {
    if (number > tracks.size()) {
      tracks.add(json);
    } else {
      tracks.set(number - 1, json);
    }
    if (!chunkOpen) {
      return;
    }
    if (write(EntryKind.TRACK, number, nowNanos, json)) {
      tracksDescribed = Math.max(tracksDescribed, number);
    } else {
      // Without a slab its packets are not taped either; the next chunk describes it before them.
      endChunk();
    }
  }

  /** Chunks begun, the open one included. */
  int chunksBegun() {
    return chunksBegun;
  }

  void handleTimeout(long nowNanos) {
    if (chunkOpen && nowNanos - chunkOpenedNanos >= limits.chunkAgeNanos()) {
      endChunk();
    } else if (slab != null && nowNanos - slabOpenedNanos >= limits.slabAgeNanos()) {
      handOver();
    }
  }

  long nextTimeoutNanos() {
    if (!chunkOpen) {
      return NEVER;
    }
    long chunkNanos = chunkOpenedNanos + limits.chunkAgeNanos();
    return slab == null ? chunkNanos : Math.min(chunkNanos, slabOpenedNanos + limits.slabAgeNanos());
  }

  /** Hands over what is there; the next entry begins a new chunk. */
  void endChunk() {
    if (!chunkOpen) {
      return;
    }
    handOver();
    chunkOpen = false;
    sink.offer(new TapeMessage.ChunkEnded(tape, chunksBegun - 1, summary.soFar()));
  }

  /** @return false if the entry cannot be written: there is no slab, or no slab is large enough */
  private boolean makeRoom(long nowNanos, int payloadBytes) {
    if (slab != null && writer.hasRoomFor(payloadBytes) && chunkHasRoomFor(payloadBytes)) {
      return true;
    }
    handOver();
    if (chunkOpen && (!chunkHasRoomFor(payloadBytes) || nowNanos - chunkOpenedNanos >= limits.chunkAgeNanos())) {
      endChunk();
    }
    return openSlab(nowNanos) && describe(nowNanos) && (writer.hasRoomFor(payloadBytes) || nextSlab(nowNanos))
        && writer.hasRoomFor(payloadBytes);
  }

  private boolean chunkHasRoomFor(int payloadBytes) {
    int pending = slab == null ? 0 : writer.position();
    return handedOverBytes + pending + ChunkFormat.ENTRY_OVERHEAD_BYTES + payloadBytes <= limits.chunkBytes();
  }

  private boolean openSlab(long nowNanos) {
    slab = sink.take();
    if (slab == null) {
      return false;
    }
    writer.attach(slab.memory(), slab.view());
    slabOpenedNanos = nowNanos;
    return true;
  }

  private boolean nextSlab(long nowNanos) {
    handOver();
    return openSlab(nowNanos);
  }

  /** Begins a new slab with what readers need there: all of it in a new chunk, else a clock when it says something. */
  private boolean describe(long nowNanos) {
    if (!chunkOpen) {
      openChunk(nowNanos);
    }
    long aheadNanos = wallClock.epochNanos(nowNanos) - nowNanos;
    if (slabSequence == 0 || nowNanos - clockNanos >= CLOCK_INTERVAL_NANOS
        || Math.abs(aheadNanos - clockAheadNanos) >= CLOCK_STEP_NANOS) {
      writer.clock(new ClockEntry(nowNanos, nowNanos + aheadNanos));
      clockNanos = nowNanos;
      clockAheadNanos = aheadNanos;
    }
    while (tracksDescribed < tracks.size()) {
      if (!writeTrack(nowNanos) && !(nextSlab(nowNanos) && writeTrack(nowNanos))) {
        return false; // goes on in the next slab
      }
      tracksDescribed++;
    }
    return true;
  }

  private void openChunk(long nowNanos) {
    chunkOpen = true;
    chunkOpenedNanos = nowNanos;
    handedOverBytes = 0;
    slabSequence = 0;
    tracksDescribed = 0;
    writer.header(new ChunkHeader(tape.recording(), tape.session(), chunksBegun++, tape.node(), tape.roomInstance(),
        wallClock.epochNanos(nowNanos), tape.app(), tape.room(), tape.peer(), ChunkEncryption.NONE));
  }

  private boolean writeTrack(long nowNanos) {
    return writer.bytes(EntryKind.TRACK, tracksDescribed + 1, nowNanos, tracks.get(tracksDescribed));
  }

  private void handOver() {
    if (slab == null) {
      return;
    }
    slab.fill(tape, chunksBegun - 1, slabSequence++, writer.position());
    handedOverBytes += writer.position();
    sink.offer(slab);
    slab = null;
  }
}
