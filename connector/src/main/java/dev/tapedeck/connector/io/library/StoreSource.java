package dev.tapedeck.connector.io.library;

import dev.tapedeck.connector.io.objects.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A library in a store that speaks S3, which lists keys in the order of their bytes. */
public record StoreSource(ObjectStore objects) implements LibrarySource {
  @Override
  public void forEach(Visitor visitor) throws IOException {
    objects.forEach("", visitor::see);
  }

  @Override
  public InputStream open(String key) throws IOException {
    return objects.get(key, Optional.empty());
  }
}
