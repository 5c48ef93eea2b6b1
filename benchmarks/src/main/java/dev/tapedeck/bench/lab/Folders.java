package dev.tapedeck.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders of tests; they stay after the run, so that a failure can be looked into. */
public final class Folders {
  private Folders() {}

  /** Makes the folder, without what an earlier run left in it. */
  public static Path empty(Path folder) {
    try {
      if (Files.exists(folder)) {
        for (Path old : below(folder)) {
          Files.delete(old);
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies all files below a folder into another one. */
  public static Path copy(Path from, Path to) {
    try {
      for (Path source : below(from)) {
        if (Files.isRegularFile(source)) {
          Path target = to.resolve(from.relativize(source).toString());
          Files.createDirectories(target.getParent());
          Files.copy(source, target);
        }
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The deepest first, the folder itself last. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
