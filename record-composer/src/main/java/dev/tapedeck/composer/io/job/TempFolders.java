package dev.tapedeck.composer.io.job;

import dev.tapedeck.protocol.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for temporary files per process, closed to other users, so that what a killed process left can be told from what is in use. */
public final class TempFolders {
  private TempFolders() {}

  /** Makes this process's folder below {@code root} and removes those of processes that are gone. */
  public static Path ownIn(Path root) throws IOException {
    OwnerOnly.folder(root);
    List<Path> folders;
    try (Stream<Path> found = Files.list(root)) {
      folders = found.toList();
    }
    for (Path folder : folders) {
      if (!isInUse(folder)) {
        delete(folder);
      }
    }
    return Files.createDirectories(root.resolve(Long.toString(ProcessHandle.current().pid())));
  }

  private static boolean isInUse(Path folder) {
    String name = folder.getFileName().toString();
    // Ours by number but there before us: in a container every process may be number 1.
    boolean isOurs = name.equals(Long.toString(ProcessHandle.current().pid()));
    return !isOurs && name.matches("[0-9]{1,18}") && ProcessHandle.of(Long.parseLong(name)).isPresent();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
