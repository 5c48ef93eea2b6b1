package dev.tapedeck.media.io.http;

/** A request that cannot be served, with what its sender should change. */
final class HttpProblem extends RuntimeException {
  /** When something may have changed, for who has nothing better to go by. */
  static final long RETRY_SECONDS = 5;

  private static final long AT_ONCE = 0;

  private final int status;
  private final String code;
  private final long retryAfterSeconds;

  /**
   * @param status  HTTP status, 400 and above
   * @param code    short name a program can compare
   * @param message what to change, for people
   */
  HttpProblem(int status, String code, String message) {
    this(status, code, message, AT_ONCE);
  }

  /** @param retryAfterSeconds when to try again (RFC 9110 §10.2.3); 0 says nothing of it */
  HttpProblem(int status, String code, String message, long retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** This server is about to stop. */
  static HttpProblem draining() {
    return new HttpProblem(
        503, "draining", "this server is about to stop; connect to another or try again", RETRY_SECONDS);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
