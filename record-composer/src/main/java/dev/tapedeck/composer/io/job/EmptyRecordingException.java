package dev.tapedeck.composer.io.job;

import java.io.IOException;

/** A recording without a single frame that a file could hold. */
public final class EmptyRecordingException extends IOException {
  private static final long serialVersionUID = 1;

  EmptyRecordingException(String message) {
    super(message);
  }
}
