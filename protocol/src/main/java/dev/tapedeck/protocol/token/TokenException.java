package dev.tapedeck.protocol.token;

/** A token that opens nothing, with the reason. The message says what to change and never repeats the token. */
public final class TokenException extends Exception {
  /** Why the token was refused; the first of these that applies, in the order of checking. */
  public enum Reason {
    /** Not three base64url parts with JSON objects in them, or longer than allowed. */
    MALFORMED,
    /** Any algorithm but HS256; "none" above all. */
    WRONG_ALGORITHM,
    /** Made for another door. */
    WRONG_KIND,
    /** The {@code sub} claim names no app of ours. */
    UNKNOWN_APP,
    /** No active secret of the app made this signature. */
    BAD_SIGNATURE,
    /** The {@code exp} claim is missing: a token that never ends is not accepted. */
    NO_EXPIRY,
    EXPIRED,
    NOT_YET_VALID,
    /** Somebody took it back, or whom it let in was thrown out. */
    REVOKED,
    /** A claim is missing, has the wrong type, or is not an id. */
    BAD_CLAIM
  }

  private static final long serialVersionUID = 1;

  private final Reason reason;

  TokenException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
