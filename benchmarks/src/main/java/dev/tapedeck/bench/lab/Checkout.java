package dev.tapedeck.bench.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree this build was made in; its programs are started from there. */
public final class Checkout {
  private static final String MARK = "protocol/src/test/python/read_chunk.py";

  private Checkout() {}

  /** A path below the tree that holds the folder the launcher names, or the working folder. */
  public static Path resolve(String path) {
    Path start = Path.of(System.getProperty("tapedeck.home", "")).toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(MARK))) {
        return at.resolve(path);
      }
    }
    throw new IllegalStateException("no " + MARK + " at or above " + start + "; start with ./tapedeck");
  }
}
