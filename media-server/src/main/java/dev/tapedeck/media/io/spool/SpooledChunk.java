package dev.tapedeck.media.io.spool;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkWriter;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EndEntry;
import dev.tapedeck.protocol.chunk.EntryCursor;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.IndexPoint;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One chunk between tape and store: its pieces, and what is learnt from them as they come, whether from a worker or
 * from the journal of a dead process. Changed by the spool thread; once sealed, {@link #read} may be called by any.
 */
final class SpooledChunk {
  /** The index has a point at least this often, unless the chunk is so long that there would be too many. */
  static final long INDEX_INTERVAL_NANOS = 5_000_000_000L;

  private static final long INDEX_INTERVAL_BYTES = 256 << 10;

  /** Points that fit into the ending; beyond it every second one goes, and new ones come half as often. */
  static final int MAX_INDEX_POINTS = 4096;
  private static final int NANOS_PER_MILLI = 1_000_000;

  /** Room for index, gap and end mark. */
  private static final int SEAL_BYTES = 64 << 10;

  final TapeId tape;
  final int index;
  private final List<JournalFrame> pieces = new ArrayList<>();
  private final List<IndexPoint> points = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final ChunkHash hash = new ChunkHash();
  private int indexIntervals = 1;

  private long bytes;
  private long entries;
  private long packets;
  private ClockEntry clock;
  private long firstArrivalNanos;
  private long lastArrivalNanos;
  private long fromMillis;
  private ChunkSealed sealed;

  /** The connector has the promise. */
  boolean isPromised;

  /** The connector has seen the object. */
  boolean isVerified;

  /** Times it could not be read back; counted by the upload thread that has the chunk. */
  int readFailures;

  /** It cannot be read back. */
  boolean isUnreadable;

  /** The connector has the gap that stands for it. */
  boolean isLossStored;

  /** Its bytes are no longer kept. */
  boolean isLetGo;

  SpooledChunk(TapeId tape, int index) {
    this.tape = tape;
    this.index = index;
  }

  /** Sequence of the piece that comes next. */
  int nextSequence() {
    return pieces.size();
  }

  /** Of all pieces so far. */
  ChunkHash hash() {
    return hash;
  }

  List<JournalFrame> pieces() {
    return pieces;
  }

  long bytes() {
    return bytes;
  }

  long packets() {
    return packets;
  }

  boolean isSealed() {
    return sealed != null;
  }

  /** What is promised to the connector; the chunk is sealed. */
  ChunkSealed sealed() {
    return sealed;
  }

  /** Wall time of the first entry, Unix milliseconds. */
  long fromMillis() {
    return fromMillis;
  }

  /** Wall time of the last entry, Unix milliseconds. */
  long lastMillis() {
    return wallMillis(lastArrivalNanos);
  }

  long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /**
   * Adds the next piece.
   *
   * @param payload its bytes; the first piece begins with the header
   */
  void add(JournalFrame piece, byte[] payload) {
    MemorySegment memory = MemorySegment.ofArray(payload);
    EntryCursor cursor = new EntryCursor(memory, pieces.isEmpty() ? headerBytes(payload) : 0, payload.length);
    while (cursor.next()) {
      take(cursor);
    }
    pieces.add(piece);
    hash.add(payload);
    bytes += payload.length;
    if (piece.isLast()) {
      seal();
    }
  }

  /**
   * The bytes that make this chunk whole: index, end mark, and before them a gap if one is given.
   *
   * @param gap what is missing at the end, after a crash
   */
  byte[] ending(Optional<GapEntry> gap) {
    byte[] buffer = new byte[SEAL_BYTES];
    ChunkWriter writer = new ChunkWriter();
    writer.attach(MemorySegment.ofArray(buffer), ByteBuffer.wrap(buffer));
    gap.ifPresent(missing -> writer.gap(lastArrivalNanos, missing));
    writer.index(lastArrivalNanos, points);
    byte[] hashBefore = hash.valueWith(buffer, writer.position());
    long entriesBefore = entries + (gap.isPresent() ? 2 : 1);
    writer.end(lastArrivalNanos, new EndEntry(packets, entriesBefore, bytes + writer.position(),
        ByteString.copyFrom(hashBefore)));
    return Arrays.copyOf(buffer, writer.position());
  }

  /** All bytes of the sealed chunk. */
  byte[] read() throws IOException {
    ByteBuffer out = ByteBuffer.allocate((int) bytes);
    for (byte[] piece : readPieces()) {
      out.put(piece);
    }
    return out.array();
  }

  /** The same in pieces: those of them that are in memory, not a copy; not to be changed. */
  List<byte[]> readPieces() throws IOException {
    List<byte[]> all = new ArrayList<>(pieces.size());
    for (JournalFrame piece : pieces) {
      all.add(Journal.read(piece));
    }
    return all;
  }

  /**
   * What is kept of a slab that neither memory nor disk can take: everything but its packets, and a gap that counts
   * them.
   *
   * @return empty if there is no packet in it
   */
  Optional<WithoutPackets> withoutPackets(byte[] payload) {
    MemorySegment memory = MemorySegment.ofArray(payload);
    int headerBytes = pieces.isEmpty() ? headerBytes(payload) : 0;
    EntryCursor cursor = new EntryCursor(memory, headerBytes, payload.length);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(payload, 0, headerBytes);
    ClockEntry wall = clock;
    long dropped = 0;
    long from = 0;
    long to = 0;
    while (cursor.next()) {
      if (cursor.kind() == EntryKind.CLOCK) {
        wall = cursor.clock();
      }
      if (cursor.kind() == EntryKind.RTP) {
        to = cursor.arrivalNanos();
        from = dropped++ == 0 ? to : from;
      } else if (cursor.kind() != EntryKind.SENDER_REPORT) {
        kept.write(payload, (int) cursor.offset(), (int) (cursor.end() - cursor.offset()));
      }
    }
    if (dropped == 0 || wall == null) {
      return Optional.empty();
    }
    GapEntry gap = new GapEntry(0, wall.wallNanosAt(from) / NANOS_PER_MILLI, wall.wallNanosAt(to) / NANOS_PER_MILLI,
        GapEntry.DISK, dropped);
    byte[] entry = new byte[512];
    ChunkWriter writer = new ChunkWriter();
    writer.attach(MemorySegment.ofArray(entry), ByteBuffer.wrap(entry));
    writer.gap(to, gap);
    kept.write(entry, 0, writer.position());
    return Optional.of(new WithoutPackets(kept.toByteArray(), gap));
  }

  /** @param payload takes the slab's place */
  record WithoutPackets(byte[] payload, GapEntry gap) {}

  private void take(EntryCursor entry) {
    EntryKind kind = entry.kind();
    if (kind == EntryKind.END) {
      return;
    }
    if (kind == EntryKind.CLOCK) {
      clock = entry.clock();
    }
    if (entries++ == 0) {
      firstArrivalNanos = entry.arrivalNanos();
      fromMillis = wallMillis(firstArrivalNanos);
    }
    if (kind == EntryKind.RTP) {
      packets++;
    }
    if (kind == EntryKind.GAP) {
      GapEntry.parse(entry.payload()).map(RecordTap::toWire).ifPresent(gaps::add);
    }
    lastArrivalNanos = Math.max(lastArrivalNanos, entry.arrivalNanos());
    index(bytes + entry.offset(), entry.arrivalNanos());
  }

  private void index(long offset, long arrivalNanos) {
    IndexPoint last = points.isEmpty() ? null : points.getLast();
    if (last == null || arrivalNanos - last.arrivalNanos() >= INDEX_INTERVAL_NANOS * indexIntervals
        || offset - last.offset() >= INDEX_INTERVAL_BYTES * indexIntervals) {
      points.add(new IndexPoint(offset, arrivalNanos));
    }
    if (points.size() > MAX_INDEX_POINTS) {
      indexIntervals *= 2;
      thinOut();
    }
  }

  private void thinOut() {
    for (int kept = 0; 2 * kept < points.size(); kept++) {
      points.set(kept, points.get(2 * kept));
    }
    points.subList((points.size() + 1) / 2, points.size()).clear();
  }

  private void seal() {
    long toMillis = Math.max(fromMillis, lastMillis());
    ChunkKey key = new ChunkKey(tape.getApp(), tape.getRoom(), tape.getRecording(), tape.getPeer(), tape.getSession(),
        index, fromMillis, toMillis);
    sealed = ChunkSealed.newBuilder().setTape(tape).setIndex(index).setFromMs(fromMillis).setToMs(toMillis)
        .setBytes(bytes).setSha256(ByteString.copyFrom(hash.value())).setPackets(packets).setKey(key.toString())
        .addAllGaps(gaps).build();
  }

  private long wallMillis(long arrivalNanos) {
    return clock == null ? 0 : Math.max(0, clock.wallNanosAt(arrivalNanos) / NANOS_PER_MILLI);
  }

  /** Where the first entry of a first piece begins. */
  static int headerBytes(byte[] payload) {
    return ChunkHeader.read(payload).map(header -> header.toBytes().length).orElse(0);
  }
}
