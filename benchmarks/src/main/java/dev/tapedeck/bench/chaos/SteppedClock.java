package dev.tapedeck.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of one process, which can be made to jump while it runs. The library of libfaketime stands between the
 * process and the C library, so the machine's clock and the program stay as they are; monotonic time is not touched.
 */
final class SteppedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "libfaketimeMT.so.1";

  private final Path library;
  private final Path offset;

  private SteppedClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  /**
   * Looks for the library, which Debian has in the package libfaketime.
   *
   * @param offset file that tells the process how far its clock is off
   */
  static Optional<SteppedClock> find(Path offset) throws IOException {
    if (Files.notExists(LIBRARIES)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(LIBRARIES, 3)) {
      Optional<Path> library = files.filter(file -> file.endsWith(LIBRARY)).findFirst();
      if (library.isEmpty()) {
        return Optional.empty();
      }
      SteppedClock clock = new SteppedClock(library.get(), offset);
      clock.set(0);
      return Optional.of(clock);
    }
  }

  /** What the process must have in its environment. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", offset.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Without it, waits on the monotonic clock end at once.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** From about a second from now on the process sees this much more than the machine's clock. */
  void set(int seconds) throws IOException {
    Path next = offset.resolveSibling(offset.getFileName() + ".next");
    Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "\n");
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
  }
}
