package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Walks over what stands one behind the other as type, length, value, padded to four bytes: the chunks of a packet, the
 * parameters of a chunk, the causes of an error. One object serves for many walks.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |   chunk type  |  chunk flags  |            length             |
 * |        parameter type         |            length             |
 * |                    value, length - 4 bytes                    |
 * </pre>
 */
final class Tlv {
  static final int HEADER_BYTES = 4;

  private MemorySegment memory;
  private long at;
  private long nextAt;
  private long end;
  private int length;
  private boolean isWellFormed;

  /** Starts before the first element. */
  Tlv over(MemorySegment memory, long offset, long bytes) {
    this.memory = memory;
    nextAt = offset;
    end = offset + bytes;
    isWellFormed = true;
    return this;
  }

  /** Moves on; false at the end, and where a length does not fit: {@link #isWellFormed} tells which. */
  boolean next() {
    if (nextAt >= end) {
      return false;
    }
    at = nextAt;
    if (end - at < HEADER_BYTES) {
      isWellFormed = false;
      return false;
    }
    length = Bytes.u16(memory, at + 2);
    if (length < HEADER_BYTES || length > end - at) {
      isWellFormed = false;
      return false;
    }
    nextAt = at + padded(length); // the last one's padding may be missing
    return true;
  }

  boolean isWellFormed() {
    return isWellFormed;
  }

  /** Whether the element is the last one. */
  boolean isLast() {
    return nextAt >= end;
  }

  int chunkType() {
    return Bytes.u8(memory, at);
  }

  int flags() {
    return Bytes.u8(memory, at + 1);
  }

  boolean hasFlag(int flag) {
    return (flags() & flag) != 0;
  }

  int parameterType() {
    return Bytes.u16(memory, at);
  }

  MemorySegment memory() {
    return memory;
  }

  /** Where the element begins, its header included. */
  long at() {
    return at;
  }

  /** Header and value, without padding. */
  int length() {
    return length;
  }

  long valueAt() {
    return at + HEADER_BYTES;
  }

  int valueBytes() {
    return length - HEADER_BYTES;
  }

  /** A copy of the value from {@code from} on. */
  byte[] value(int from) {
    return memory.asSlice(valueAt() + from, valueBytes() - from).toArray(ValueLayout.JAVA_BYTE);
  }

  int value8(int from) {
    return Bytes.u8(memory, valueAt() + from);
  }

  int value16(int from) {
    return Bytes.u16(memory, valueAt() + from);
  }

  int value32(int from) {
    return Bytes.i32(memory, valueAt() + from);
  }

  static int padded(int length) {
    return length + 3 & ~3;
  }
}
