package dev.tapedeck.composer.io.job;

import java.io.IOException;
import java.nio.file.Path;

/** Where the files of one part of a job go. Owned by one thread. */
public interface OutputTarget extends AutoCloseable {

  /**
   * Stores one file.
   *
   * @param name relative, with {@code /} between folders
   * @return where it can be found, without credentials
   */
  String put(String name, Path file, String contentType) throws IOException;

  /** Called once after the last {@link #put}; only then everything is where it belongs. */
  default void finish() throws IOException {}

  @Override
  default void close() throws IOException {}
}
