package dev.tapedeck.media.io.http;

/** A request that cannot be served, with what its sender should change. */
final class HttpProblem extends RuntimeException {
  private final int status;
  private final String code;

  /**
   * @param status  HTTP status, 400 and above
   * @param code    short name a program can compare
   * @param message what to change, for people
   */
  HttpProblem(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
