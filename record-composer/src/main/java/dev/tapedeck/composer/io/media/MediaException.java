package dev.tapedeck.composer.io.media;

import java.io.IOException;

/** Media that cannot be read, decoded, encoded or written; the message names the step and libav's reason. */
public final class MediaException extends IOException {

  public MediaException(String message) {
    super(message);
  }

  public MediaException(String message, Throwable cause) {
    super(message, cause);
  }
}
