package dev.tapedeck.protocol.chunk;

import com.google.protobuf.ByteString;
import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entry a {@link ChunkReader} stands on. One object is used for all entries of a chunk: what it says, its memory
 * included, holds until the reader moves on.
 */
public final class ChunkEntry {
  private MemorySegment memory = MemorySegment.NULL;
  private long offset;
  private int length;

  /** @param memory kind to payload, {@code length} bytes from 0 on */
  void moveTo(MemorySegment memory, int length, long offset) {
    this.memory = memory;
    this.length = length;
    this.offset = offset;
  }

  /** Where the entry begins, from the start of the chunk. */
  public long offset() {
    return offset;
  }

  public EntryKind kind() {
    return EntryKind.of(Bytes.u8(memory, 0));
  }

  /** The kind as it stands, also when it is {@link EntryKind#UNKNOWN} to us. */
  public int kindCode() {
    return Bytes.u8(memory, 0);
  }

  public int flags() {
    return Bytes.u8(memory, 1);
  }

  /** Number of the track, 0 if the entry belongs to none. */
  public int track() {
    return Bytes.u16(memory, 2);
  }

  /** Monotonic nanoseconds of the node; {@link ClockEntry} relates them to wall time. */
  public long arrivalNanos() {
    return Bytes.u64(memory, 4);
  }

  /** The packet came as a retransmission. */
  public boolean isRepaired() {
    return (flags() & ChunkFormat.FLAG_REPAIRED) != 0;
  }

  /** The packet is the first of a key frame. */
  public boolean startsKeyFrame() {
    return (flags() & ChunkFormat.FLAG_KEY_FRAME) != 0;
  }

  /** Where the payload lies: {@link #payloadBytes} from {@link #payloadOffset} on; not kept after the next entry. */
  public MemorySegment memory() {
    return memory;
  }

  public long payloadOffset() {
    return ChunkFormat.ENTRY_FIXED_BYTES;
  }

  public int payloadBytes() {
    return length - ChunkFormat.ENTRY_FIXED_BYTES;
  }

  /** A copy of the payload. */
  public byte[] payload() {
    return memory.asSlice(payloadOffset(), payloadBytes()).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The payload of a track entry; empty if this is none, as with all methods below. */
  public Optional<TrackEntry> asTrack() {
    return kind() == EntryKind.TRACK ? TrackEntry.parse(payload()) : Optional.empty();
  }

  public Optional<GapEntry> asGap() {
    return kind() == EntryKind.GAP ? GapEntry.parse(payload()) : Optional.empty();
  }

  public Optional<RoomEventEntry> asRoomEvent() {
    return kind() == EntryKind.ROOM_EVENT ? RoomEventEntry.parse(payload()) : Optional.empty();
  }

  public Optional<ClockEntry> asClock() {
    if (kind() != EntryKind.CLOCK || payloadBytes() < ChunkFormat.CLOCK_PAYLOAD_BYTES) {
      return Optional.empty();
    }
    long at = payloadOffset();
    return Optional.of(new ClockEntry(Bytes.u64(memory, at), Bytes.u64(memory, at + 8)));
  }

  public Optional<List<IndexPoint>> asIndex() {
    if (kind() != EntryKind.INDEX || payloadBytes() % ChunkFormat.INDEX_POINT_BYTES != 0) {
      return Optional.empty();
    }
    List<IndexPoint> points = new ArrayList<>();
    for (long at = payloadOffset(); at < length; at += ChunkFormat.INDEX_POINT_BYTES) {
      points.add(new IndexPoint(Bytes.u32(memory, at), Bytes.u64(memory, at + 4)));
    }
    return Optional.of(points);
  }

  public Optional<EndEntry> asEnd() {
    if (kind() != EntryKind.END || payloadBytes() < ChunkFormat.END_PAYLOAD_BYTES) {
      return Optional.empty();
    }
    long at = payloadOffset();
    byte[] sha256 = memory.asSlice(at + 20, ChunkFormat.SHA256_BYTES).toArray(ValueLayout.JAVA_BYTE);
    return Optional.of(new EndEntry(Bytes.u64(memory, at), Bytes.u32(memory, at + 8), Bytes.u64(memory, at + 12),
        ByteString.copyFrom(sha256)));
  }
}
