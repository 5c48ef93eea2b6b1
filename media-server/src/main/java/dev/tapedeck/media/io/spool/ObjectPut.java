package dev.tapedeck.media.io.spool;

import java.io.IOException;

/** Puts one object where a signature lets it; called by several threads at once. */
public interface ObjectPut extends AutoCloseable {
  /** @throws IOException unless the store answers 2xx; it may still have stored the bytes */
  void put(PresignedPut target, byte[] body) throws IOException, InterruptedException;

  @Override
  void close();
}
