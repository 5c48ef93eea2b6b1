package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory for keys: zeroed at first, aligned to a cache line, wiped when closed. */
final class SecretMemory implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final long allocated;
  private final long allocatedBytes;

  SecretMemory(int bytes) {
    allocatedBytes = bytes + ALIGNMENT - 1;
    allocated = Libcrypto.allocate(allocatedBytes);
  }

  /** First byte, a multiple of {@value #ALIGNMENT}. */
  long address() {
    return allocated + ALIGNMENT - 1 & -ALIGNMENT;
  }

  void write(long offset, byte[] bytes) {
    MemorySegment.copy(bytes, 0, NATIVE, ValueLayout.JAVA_BYTE, address() + offset, bytes.length);
  }

  /** Once only. */
  @Override
  public void close() {
    Libcrypto.wipeAndFree(allocated, allocatedBytes);
  }
}
