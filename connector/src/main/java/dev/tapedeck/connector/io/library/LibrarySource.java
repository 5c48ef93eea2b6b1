package dev.tapedeck.connector.io.library;

import java.io.IOException;
import java.io.InputStream;

/** Where a library's objects lie: a store, or a folder with the same keys as paths. */
public interface LibrarySource {
  /** Takes one object. @param key without what the store's path adds in front */
  interface Visitor {
    void see(String key, long bytes) throws IOException;
  }

  /** Shows every object, page by page, so that a library of any size fits; those of one recording come one after another. */
  void forEach(Visitor visitor) throws IOException;

  /** Opens one object; the caller closes it. */
  InputStream open(String key) throws IOException;
}
