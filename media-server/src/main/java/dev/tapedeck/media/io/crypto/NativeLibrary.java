package dev.tapedeck.media.io.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A shared library of this system and its functions, by the Foreign Function and Memory API. What is missing is told by
 * {@link #missing()} and never thrown; a function that is missing has the handle null.
 */
final class NativeLibrary {
  /** All of native memory, read and written by address. */
  static final MemorySegment NATIVE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final String name;
  private final List<String> problems = new ArrayList<>();
  private final Optional<SymbolLookup> symbols;

  /**
   * @param name      as messages call it
   * @param fileNames what the dynamic linker may know it by; the first it finds is loaded
   */
  NativeLibrary(String name, List<String> fileNames) {
    this.name = name;
    symbols = load(fileNames);
  }

  private Optional<SymbolLookup> load(List<String> fileNames) {
    for (String fileName : fileNames) {
      try {
        return Optional.of(SymbolLookup.libraryLookup(fileName, Arena.global()));
      } catch (IllegalArgumentException e) {
        continue; // this name does not exist here
      }
    }
    problems.add("no library named " + String.join(" or ", fileNames));
    return Optional.empty();
  }

  /** Why the library cannot be used here, or empty if it can. */
  Optional<String> missing() {
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  /** Adds a reason not to use it. */
  void refuse(String problem) {
    problems.add(problem);
  }

  MethodHandle function(String symbol, MemoryLayout result, MemoryLayout... arguments) {
    return handle(symbol, FunctionDescriptor.of(result, arguments));
  }

  MethodHandle procedure(String symbol, MemoryLayout... arguments) {
    return handle(symbol, FunctionDescriptor.ofVoid(arguments));
  }

  /**
   * A function called per packet. It is critical: it skips the thread's change of state, and a garbage collection waits
   * for it, which is right for a call of less than a microsecond and wrong for any that may block.
   */
  MethodHandle perPacket(String symbol, MemoryLayout result, MemoryLayout... arguments) {
    return handle(symbol, FunctionDescriptor.of(result, arguments), Linker.Option.critical(false));
  }

  private MethodHandle handle(String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
    if (symbols.isEmpty()) {
      return null;
    }
    Optional<MemorySegment> address = symbols.get().find(symbol);
    if (address.isEmpty()) {
      problems.add(name + " has no " + symbol);
      return null;
    }
    return Linker.nativeLinker().downcallHandle(address.get(), descriptor, options);
  }

  /** What a call by one of the handles threw, as what a caller may throw. */
  RuntimeException failed(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(name + " call failed", e);
    };
  }
}
