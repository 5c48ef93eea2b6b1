package dev.tapedeck.composer.io.http;

/** A request that cannot be done; becomes the JSON error of design.md section 11. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String error;

  /**
   * An answer that is not 2xx.
   *
   * @param code    slug, stable for programs
   * @param error   what is wrong, short
   * @param message what to change
   */
  ApiException(int status, String code, String error, String message) {
    super(message);
    this.status = status;
    this.code = code;
    this.error = error;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "bad_request", "Invalid request", message);
  }

  static ApiException notFound(String message) {
    return new ApiException(404, "not_found", "Job not found", message);
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
}
