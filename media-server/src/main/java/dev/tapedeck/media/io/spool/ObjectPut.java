package dev.tapedeck.media.io.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Puts one object where a signature lets it; called by several threads at once. */
public interface ObjectPut extends AutoCloseable {
  /** @throws IOException unless the store answers 2xx; it may still have stored the bytes */
  void put(PresignedPut target, byte[] body) throws IOException, InterruptedException;

  /**
   * The same with a body in pieces, which are not changed as long as this runs.
   *
   * @throws IOException as above
   */
  default void put(PresignedPut target, List<byte[]> pieces) throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    pieces.forEach(body::writeBytes);
    put(target, body.toByteArray());
  }

  @Override
  void close();
}
