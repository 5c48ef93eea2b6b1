package dev.tapedeck.connector.io.objects;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What ledger and manifests need of the store. */
public interface RecordedObjects {
  /**
   * Signs one PUT of exactly these bytes: the store refuses another length, and another hash where it checks hashes.
   *
   * @param sha256 32 bytes
   */
  ObjectStore.Upload presignPut(String key, long bytes, byte[] sha256, Duration validity);

  /** Looks at an object without reading it; empty when there is none. */
  Optional<ObjectStore.Seen> head(String key) throws IOException;

  /** Reads the object through and hashes it, for stores that keep no SHA-256. @return lower-case hex */
  String hash(String key) throws IOException;

  byte[] read(String key) throws IOException;

  /** Stores a small object, replacing what was there. */
  void put(String key, byte[] body, String contentType) throws IOException;
}
