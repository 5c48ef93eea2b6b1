package dev.tapedeck.protocol.outbound;

/** A URL that a caller gave and this server will not open. The message names the rule, not the URL's secrets. */
public final class OutboundRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  OutboundRefusedException(String message) {
    super(message);
  }
}
