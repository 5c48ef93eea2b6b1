package dev.tapedeck.connector.io.http;

/** A request that gets an error for an answer. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String error;
  private final long retryAfterSeconds;

  /**
   * @param code    slug that programs may compare
   * @param error   what is wrong, for people
   * @param message what to change
   */
  ApiException(int status, String code, String error, String message) {
    this(status, code, error, message, 0);
  }

  /** @param retryAfterSeconds when to try again (RFC 9110 §10.2.3); 0 says nothing of it */
  ApiException(int status, String code, String error, String message, long retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.error = error;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "bad_request", "Bad request", message);
  }

  static ApiException unauthorized(String message) {
    return new ApiException(401, "unauthorized", "Unauthorized", message);
  }

  static ApiException forbidden(String message) {
    return new ApiException(403, "forbidden", "Forbidden", message);
  }

  /** Also for what belongs to another app: whether it exists there is nobody's business. */
  static ApiException notFound(String what) {
    return new ApiException(404, "not_found", what + " not found", "check the id; it may belong to another app");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String error() {
    return error;
  }

  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
