package dev.tapedeck.media.io.spool;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Asks Linux to begin to write what a file holds in the page cache, so that the force that follows finds the disk at
 * work already ({@code sync_file_range(2)}). It promises nothing, and takes no error away from that force: the kernel
 * tells one to every descriptor, and this asks for none. Owned by the thread that appends.
 */
final class WriteBack implements AutoCloseable {
  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int SYNC_FILE_RANGE_WRITE = 2;

  private static final Optional<Calls> CALLS = Calls.find();

  private final Calls calls;
  private final int descriptor;

  private record Calls(MethodHandle open, MethodHandle close, MethodHandle syncFileRange) {
    static Optional<Calls> find() {
      if (!System.getProperty("os.name").equals("Linux")) {
        return Optional.empty();
      }
      Linker linker = Linker.nativeLinker();
      return linker.defaultLookup().find("sync_file_range").map(function -> new Calls(
          linker.downcallHandle(linker.defaultLookup().findOrThrow("open"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
              Linker.Option.firstVariadicArg(2)),
          linker.downcallHandle(linker.defaultLookup().findOrThrow("close"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
          linker.downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))));
    }
  }

  private WriteBack(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** Empty where the system has nothing like it. */
  static Optional<WriteBack> of(Path file) {
    return CALLS.flatMap(calls -> open(calls, file));
  }

  /**
   * The bytes from {@code at} on may go to the disk from now on; returns before they are there.
   *
   * @return false if the system refuses, which costs nothing but time
   */
  boolean begin(long at, long bytes) {
    try {
      return (int) calls.syncFileRange().invokeExact(descriptor, at, bytes, SYNC_FILE_RANGE_WRITE) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("sync_file_range cannot be called", e);
    }
  }

  @Override
  public void close() {
    try {
      int ignored = (int) calls.close().invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException("close cannot be called", e);
    }
  }

  private static Optional<WriteBack> open(Calls calls, Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toString());
      int descriptor = (int) calls.open().invokeExact(name, O_RDONLY | O_CLOEXEC);
      return descriptor < 0 ? Optional.empty() : Optional.of(new WriteBack(calls, descriptor));
    } catch (Throwable e) {
      throw new IllegalStateException("open cannot be called", e);
    }
  }
}
