package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the spool's folder by which {@code tapedeck spool retry} asks the process that holds the folder to try every
 * waiting upload at once. Whoever may write there may ask.
 */
final class RetryRequest {
  private static final String NAME = "retry";

  private final Path file;

  RetryRequest(Path folder) {
    file = folder.resolve(NAME);
  }

  void ask() throws IOException {
    if (!isPending()) {
      Files.createFile(file);
    }
  }

  /** Nobody has taken it up yet. */
  boolean isPending() {
    return Files.exists(file);
  }

  /** @return whether somebody asked since the last time */
  boolean take() throws IOException {
    return Files.deleteIfExists(file);
  }
}
