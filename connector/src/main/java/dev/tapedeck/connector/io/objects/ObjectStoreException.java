package dev.tapedeck.connector.io.objects;

import java.io.IOException;

/** The store refused, or did not answer. The message holds no key, no signature. */
public final class ObjectStoreException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  ObjectStoreException(String message, int status, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** HTTP status of the store's answer; 0 when there was none. */
  public int status() {
    return status;
  }
}
