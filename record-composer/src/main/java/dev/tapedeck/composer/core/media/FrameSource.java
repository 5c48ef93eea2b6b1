package dev.tapedeck.composer.core.media;

import java.io.IOException;

/** The frames of one track, in presentation order, read once from first to last. Owned by one thread. */
public interface FrameSource extends AutoCloseable {

  StreamInfo info();

  /** @return the next frame, or null at the end (the one null of this API: it is read once per frame) */
  EncodedFrame next() throws IOException;

  @Override
  default void close() throws IOException {}
}
