package dev.tapedeck.protocol.store;

/** A store URI that cannot be used. The message says which part to change and repeats no secret. */
public final class StoreUriException extends Exception {
  private static final long serialVersionUID = 1;

  StoreUriException(String message) {
    super(message);
  }
}
