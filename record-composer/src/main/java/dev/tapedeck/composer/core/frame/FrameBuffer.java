package dev.tapedeck.composer.core.frame;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The bytes of the frame under construction; grows as needed, reused for the next one. */
final class FrameBuffer {
  private byte[] bytes = new byte[1 << 16];
  private int length;

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void put(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, length, source.length);
    length += source.length;
  }

  void put(MemorySegment memory, long offset, int count) {
    reserve(count);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, length, count);
    length += count;
  }

  /** Cuts {@code removed} bytes out at {@code position} and puts {@code added} in their place. */
  void replace(int position, int removed, byte[] added) {
    int tail = length - position - removed;
    reserve(Math.max(0, added.length - removed));
    System.arraycopy(bytes, position + removed, bytes, position + added.length, tail);
    System.arraycopy(added, 0, bytes, position, added.length);
    length += added.length - removed;
  }

  int get(int position) {
    return bytes[position] & 0xFF;
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  byte[] copy() {
    return copy(0, length);
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
