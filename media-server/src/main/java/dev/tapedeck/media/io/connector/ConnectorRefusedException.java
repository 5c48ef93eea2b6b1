package dev.tapedeck.media.io.connector;

/** The connector answered a request with an error. */
public final class ConnectorRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  ConnectorRefusedException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** 400 bad request, 404 unknown recording or chunk, 409 the object differs, 503 the store is in trouble. */
  public int code() {
    return code;
  }

  /** Whether asking the same again later can help. */
  public boolean isPassing() {
    return code >= 500;
  }
}
