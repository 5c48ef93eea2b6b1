package dev.tapedeck.protocol.chunk;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes the bytes of a chunk behind each other into a buffer that its owner lends. An entry is written whole or not at
 * all. Writing packets allocates nothing.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |            length: bytes from kind on, at least 12            |
 * |                 CRC32C of these bytes                         |
 * +---------------+---------------+-------------------------------+
 * |     kind      |     flags     |            track              |
 * +---------------+---------------+-------------------------------+
 * |                  arrival, monotonic nanoseconds               |
 * |                                                               |
 * +---------------------------------------------------------------+
 * |                          payload ...                          |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class ChunkWriter {
  private final CRC32C crc = new CRC32C();
  private MemorySegment memory = MemorySegment.NULL;
  private ByteBuffer view;
  private int position;
  private int capacity;

  /** Where the newest packet lay, and a view of it. */
  private MemorySegment packets = MemorySegment.NULL;
  private ByteBuffer packetView = ByteBuffer.allocate(0);

  /**
   * Goes on in this buffer.
   *
   * @param memory where to write, from its first byte on
   * @param view   the same bytes, made once by its owner; its position and limit are changed
   */
  public void attach(MemorySegment memory, ByteBuffer view) {
    this.memory = memory;
    this.view = view;
    capacity = (int) Math.min(memory.byteSize(), Integer.MAX_VALUE);
    position = 0;
  }

  /** Bytes written since {@link #attach}. */
  public int position() {
    return position;
  }

  /** Whether an entry with a payload of this size still fits. */
  public boolean hasRoomFor(int payloadBytes) {
    return capacity - position >= ChunkFormat.ENTRY_OVERHEAD_BYTES + payloadBytes;
  }

  /** @return false if it does not fit; nothing is written then, as with all methods below */
  public boolean header(ChunkHeader header) {
    byte[] bytes = header.toBytes();
    if (capacity - position < bytes.length) {
      return false;
    }
    MemorySegment.copy(bytes, 0, memory, Bytes.BYTE, position, bytes.length);
    position += bytes.length;
    return true;
  }

  /**
   * @param track        1..65535
   * @param arrivalNanos monotonic
   * @param from         where the packet lies, header and payload as the client sent them; the same segment each time,
   *                     or a view is allocated
   * @param flags        {@link ChunkFormat#FLAG_REPAIRED}, {@link ChunkFormat#FLAG_KEY_FRAME}
   */
  public boolean rtp(int track, int flags, long arrivalNanos, MemorySegment from, long offset, int length) {
    return packet(EntryKind.RTP.code(), track, flags, arrivalNanos, from, offset, length);
  }

  public boolean senderReport(int track, long arrivalNanos, MemorySegment from, long offset, int length) {
    return packet(EntryKind.SENDER_REPORT.code(), track, 0, arrivalNanos, from, offset, length);
  }

  public boolean track(int track, long arrivalNanos, TrackEntry entry) {
    return bytes(EntryKind.TRACK, track, arrivalNanos, entry.toJson());
  }

  /** @param json UTF-8, at most {@link ChunkFormat#MAX_ENTRY_BYTES} less the entry's own bytes */
  public boolean roomEvent(long arrivalNanos, byte[] json) {
    return bytes(EntryKind.ROOM_EVENT, 0, arrivalNanos, json);
  }

  public boolean gap(long arrivalNanos, GapEntry gap) {
    return bytes(EntryKind.GAP, gap.track(), arrivalNanos, gap.toJson());
  }

  public boolean clock(ClockEntry clock) {
    if (!hasRoomFor(ChunkFormat.CLOCK_PAYLOAD_BYTES)) {
      return false;
    }
    long at = payloadOffset();
    Bytes.put64(memory, at, clock.monotonicNanos());
    Bytes.put64(memory, at + 8, clock.wallNanos());
    finish(EntryKind.CLOCK.code(), 0, 0, clock.monotonicNanos(), ChunkFormat.CLOCK_PAYLOAD_BYTES);
    return true;
  }

  public boolean index(long arrivalNanos, List<IndexPoint> points) {
    int payloadBytes = points.size() * ChunkFormat.INDEX_POINT_BYTES;
    if (!hasRoomFor(payloadBytes)) {
      return false;
    }
    long at = payloadOffset();
    for (IndexPoint point : points) {
      Bytes.put32(memory, at, (int) point.offset());
      Bytes.put64(memory, at + 4, point.arrivalNanos());
      at += ChunkFormat.INDEX_POINT_BYTES;
    }
    finish(EntryKind.INDEX.code(), 0, 0, arrivalNanos, payloadBytes);
    return true;
  }

  public boolean end(long arrivalNanos, EndEntry end) {
    if (!hasRoomFor(ChunkFormat.END_PAYLOAD_BYTES)) {
      return false;
    }
    long at = payloadOffset();
    Bytes.put64(memory, at, end.packets());
    Bytes.put32(memory, at + 8, (int) end.entries());
    Bytes.put64(memory, at + 12, end.bytesBefore());
    MemorySegment.copy(end.sha256().toByteArray(), 0, memory, Bytes.BYTE, at + 20, ChunkFormat.SHA256_BYTES);
    finish(EntryKind.END.code(), 0, 0, arrivalNanos, ChunkFormat.END_PAYLOAD_BYTES);
    return true;
  }

  /** An entry of any kind, with a payload that is already bytes. */
  public boolean bytes(EntryKind kind, int track, long arrivalNanos, byte[] payload) {
    if (!hasRoomFor(payload.length)) {
      return false;
    }
    MemorySegment.copy(payload, 0, memory, Bytes.BYTE, payloadOffset(), payload.length);
    finish(kind.code(), 0, track, arrivalNanos, payload.length);
    return true;
  }

  private boolean packet(
      int kind, int track, int flags, long arrivalNanos, MemorySegment from, long offset, int length) {
    if (!hasRoomFor(length)) {
      return false;
    }
    if (from.byteSize() > Integer.MAX_VALUE) { // no view is that large
      MemorySegment.copy(from, offset, memory, payloadOffset(), length);
      finish(kind, flags, track, arrivalNanos, length);
      return true;
    }
    int covered = putFixed(kind, flags, track, arrivalNanos);
    view.limit(covered + ChunkFormat.ENTRY_FIXED_BYTES).position(covered);
    crc.reset();
    crc.update(view);
    // The checksum is taken from the packet, which a cipher has just written, and not from the copy, whose memory is
    // still on its way into the cache.
    crc.update(viewOf(from).limit((int) offset + length).position((int) offset));
    MemorySegment.copy(from, offset, memory, payloadOffset(), length);
    close(ChunkFormat.ENTRY_FIXED_BYTES + length);
    return true;
  }

  /** Packets come out of one arena, so its view is made once. */
  private ByteBuffer viewOf(MemorySegment from) {
    if (from != packets) {
      packets = from;
      packetView = from.asByteBuffer();
    }
    return packetView;
  }

  private long payloadOffset() {
    return position + ChunkFormat.ENTRY_OVERHEAD_BYTES;
  }

  /** Puts the fixed part before a payload that is already in place. */
  private void finish(int kind, int flags, int track, long arrivalNanos, int payloadBytes) {
    int covered = putFixed(kind, flags, track, arrivalNanos);
    int length = ChunkFormat.ENTRY_FIXED_BYTES + payloadBytes;
    view.limit(covered + length).position(covered);
    crc.reset();
    crc.update(view);
    close(length);
  }

  /** @return where it begins, which is where the checksum begins */
  private int putFixed(int kind, int flags, int track, long arrivalNanos) {
    int covered = position + ChunkFormat.ENTRY_PREFIX_BYTES;
    Bytes.put8(memory, covered, kind);
    Bytes.put8(memory, covered + 1, flags);
    Bytes.put16(memory, covered + 2, track);
    Bytes.put64(memory, covered + 4, arrivalNanos);
    return covered;
  }

  /** Puts length and checksum; the entry is whole. */
  private void close(int length) {
    Bytes.put32(memory, position, length);
    Bytes.put32(memory, position + 4, (int) crc.getValue());
    position += ChunkFormat.ENTRY_PREFIX_BYTES + length;
  }
}
