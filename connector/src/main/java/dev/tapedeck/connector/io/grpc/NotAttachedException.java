package dev.tapedeck.connector.io.grpc;

/** A media server has no stream now, so that nothing can be sent to it. */
public final class NotAttachedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NotAttachedException(long node) {
    super("node " + node + " is not attached");
  }
}
