package dev.tapedeck.connector.io.admin;

/** An order was not carried out, as far as is known. */
public final class OrderException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** There is no such room, peer, track or recording. */
    NOT_FOUND,
    /** The room's media server is away; it has not heard of the order. */
    UNREACHABLE,
    /** The room's media server has not answered; it may carry the order out yet, or may have. */
    UNKNOWN,
    /** The media server refused. */
    REFUSED
  }

  private final Reason reason;

  OrderException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
