package dev.tapedeck.media.io.clock;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What the Linux kernel says of its wall clock, by {@code adjtimex(2)}; nothing on other systems. Of {@code struct timex}
 * as 64-bit Linux lays it out, in bytes:
 *
 * <pre>
 *  0 u32 modes   8 s64 offset   16 s64 freq   24 s64 maxerror   32 s64 esterror   40 s32 status   ... 208 in all
 * </pre>
 */
final class KernelClock {
  private static final int STRUCT_BYTES = 256;
  private static final int MODES_AT = 0;
  private static final int MAX_ERROR_AT = 24;
  private static final int STATUS_AT = 40;
  private static final int STATUS_UNSYNCHRONIZED = 0x40;

  /** The kernel's answer when the clock is not synchronized. */
  private static final int TIME_ERROR = 5;

  private static final Optional<MethodHandle> ADJTIMEX = find();

  /** @param maxErrorMicros the kernel's bound on its error, meaningful while synchronized */
  record Reading(boolean isSynchronized, long maxErrorMicros) {}

  private KernelClock() {}

  /** Empty where the kernel does not tell. */
  static Optional<Reading> read() {
    return ADJTIMEX.flatMap(KernelClock::read);
  }

  private static Optional<Reading> read(MethodHandle adjtimex) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timex = arena.allocate(STRUCT_BYTES, 8);
      timex.set(ValueLayout.JAVA_INT, MODES_AT, 0); // only reads
      int state = (int) adjtimex.invokeExact(timex);
      if (state < 0) {
        return Optional.empty();
      }
      int status = timex.get(ValueLayout.JAVA_INT, STATUS_AT);
      boolean isSynchronized = state != TIME_ERROR && (status & STATUS_UNSYNCHRONIZED) == 0;
      return Optional.of(new Reading(isSynchronized, timex.get(ValueLayout.JAVA_LONG, MAX_ERROR_AT)));
    } catch (Throwable e) {
      throw new IllegalStateException("adjtimex cannot be called", e);
    }
  }

  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find("adjtimex").map(function -> linker.downcallHandle(
        function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)));
  }
}
