package dev.tapedeck.composer.io.source;

import java.io.IOException;

/** There is no recording where one was looked for. */
public final class RecordingNotFoundException extends IOException {
  private static final long serialVersionUID = 1;

  RecordingNotFoundException(String message) {
    super(message);
  }
}
