package dev.tapedeck.media.core.sctp;

/** Error causes of ERROR and ABORT (RFC 9260 §3.3.10). */
final class CauseCode {
  static final int INVALID_STREAM = 1;
  static final int MISSING_PARAMETER = 2;
  static final int STALE_COOKIE = 3;
  static final int OUT_OF_RESOURCE = 4;
  static final int UNRECOGNIZED_CHUNK = 6;
  static final int INVALID_PARAMETER = 7;
  static final int UNRECOGNIZED_PARAMETERS = 8;
  static final int NO_USER_DATA = 9;
  static final int COOKIE_DURING_SHUTDOWN = 10;
  static final int USER_INITIATED = 12;
  static final int PROTOCOL_VIOLATION = 13;

  private CauseCode() {}

  static String nameOf(int code) {
    return switch (code) {
      case INVALID_STREAM -> "invalid stream";
      case MISSING_PARAMETER -> "missing parameter";
      case STALE_COOKIE -> "stale cookie";
      case OUT_OF_RESOURCE -> "out of resource";
      case UNRECOGNIZED_CHUNK -> "unrecognized chunk";
      case INVALID_PARAMETER -> "invalid parameter";
      case UNRECOGNIZED_PARAMETERS -> "unrecognized parameters";
      case NO_USER_DATA -> "no user data";
      case COOKIE_DURING_SHUTDOWN -> "cookie during shutdown";
      case USER_INITIATED -> "user-initiated abort";
      case PROTOCOL_VIOLATION -> "protocol violation";
      default -> "cause " + code;
    };
  }
}
