package dev.tapedeck.media.io.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What the dynamic linker calls the functions of loaded libraries. Cold path. */
final class SymbolNames {
  /** Offsets in {@code Dl_info}: file, its base, name, address of what has the name. */
  private static final int NAME_OFFSET = 16;

  private static final int ADDRESS_OFFSET = 24;
  private static final int INFO_BYTES = 32;

  private SymbolNames() {}

  /** Name of the function that begins at {@code address}; empty if it has none, or if this system does not tell. */
  static Optional<String> of(MemorySegment address) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> dladdr = linker.defaultLookup().find("dladdr");
    if (dladdr.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(INFO_BYTES, 8);
      int found = (int) linker.downcallHandle(dladdr.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
          .invokeExact(address, info);
      if (found == 0 || info.get(ADDRESS, ADDRESS_OFFSET).address() != address.address()) {
        return Optional.empty();
      }
      return Optional.of(info.get(ADDRESS, NAME_OFFSET).reinterpret(Long.MAX_VALUE).getString(0));
    } catch (Throwable e) {
      throw new IllegalStateException("dladdr could not be called", e);
    }
  }
}
