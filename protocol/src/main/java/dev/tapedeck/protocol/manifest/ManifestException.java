package dev.tapedeck.protocol.manifest;

/** Bytes that are not a manifest we can read; the message says where and why. */
public final class ManifestException extends Exception {
  private static final long serialVersionUID = 1;

  ManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
