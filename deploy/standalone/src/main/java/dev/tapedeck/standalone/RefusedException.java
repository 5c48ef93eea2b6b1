package dev.tapedeck.standalone;

/** A command that was asked for what cannot be; the message says what to change. Ends the process with status 2. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
