package dev.tapedeck.protocol.chunk;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * Walks over whole entries that lie behind each other in memory, without copying. It checks that they fit their bounds,
 * not their checksums: for bytes that are known to be good.
 */
public final class EntryCursor {
  private final MemorySegment memory;
  private final long limit;
  private long entry;
  private long next;

  /** Stands before the entry that begins at {@code from}; no entry reaches beyond {@code limit}. */
  public EntryCursor(MemorySegment memory, long from, long limit) {
    this.memory = memory;
    this.limit = limit;
    next = from;
  }

  /** @return false when no further whole entry lies before the limit */
  public boolean next() {
    if (limit - next < ChunkFormat.ENTRY_OVERHEAD_BYTES) {
      return false;
    }
    long length = Bytes.u32(memory, next);
    long end = next + ChunkFormat.ENTRY_PREFIX_BYTES + length;
    if (length < ChunkFormat.ENTRY_FIXED_BYTES || end > limit) {
      return false;
    }
    entry = next;
    next = end;
    return true;
  }

  /** Where the entry begins. */
  public long offset() {
    return entry;
  }

  /** Where the last entry ends, or the first one begins. */
  public long end() {
    return next;
  }

  public EntryKind kind() {
    return EntryKind.of(Bytes.u8(memory, entry + 8));
  }

  public int flags() {
    return Bytes.u8(memory, entry + 9);
  }

  public int track() {
    return Bytes.u16(memory, entry + 10);
  }

  public long arrivalNanos() {
    return Bytes.u64(memory, entry + 12);
  }

  public long payloadOffset() {
    return entry + ChunkFormat.ENTRY_OVERHEAD_BYTES;
  }

  public int payloadBytes() {
    return (int) (next - payloadOffset());
  }

  /** A copy of the payload. */
  public byte[] payload() {
    return memory.asSlice(payloadOffset(), payloadBytes()).toArray(Bytes.BYTE);
  }

  /** The payload of a clock entry. */
  public ClockEntry clock() {
    return new ClockEntry(Bytes.u64(memory, payloadOffset()), Bytes.u64(memory, payloadOffset() + 8));
  }
}
