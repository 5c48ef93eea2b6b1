package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.io.source.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;

/** Files as objects of a store, all under one prefix. */
public final class StoreTarget implements OutputTarget {
  private final ObjectStore store;
  private final String prefix;

  /** @param prefix "" or ending in "/" */
  public StoreTarget(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  @Override
  public String put(String name, Path file, String contentType) throws IOException {
    store.put(prefix + name, file, contentType);
    return store.describe(prefix + name);
  }

  @Override
  public void close() {
    store.close();
  }
}
