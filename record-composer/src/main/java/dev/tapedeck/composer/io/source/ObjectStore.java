package dev.tapedeck.composer.io.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Objects by key: a folder, or a bucket with a prefix. Keys use {@code /} and never begin with it. */
public interface ObjectStore extends AutoCloseable {

  /**
   * Opens an object for reading.
   *
   * @throws FileNotFoundException if there is none
   */
  InputStream open(String key) throws IOException;

  /** A small object whole, if it is there. */
  default Optional<byte[]> read(String key) throws IOException {
    try (InputStream in = open(key)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Every key under the prefix, however many, in no order that means anything. */
  List<String> list(String prefix) throws IOException;

  /** Stores a file under the key; when this returns it can be read. */
  void put(String key, Path file, String contentType) throws IOException;

  /** Where an object is, for people and summaries; without credentials. */
  String describe(String key);

  @Override
  default void close() {}
}
