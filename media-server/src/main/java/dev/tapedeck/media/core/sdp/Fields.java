package dev.tapedeck.media.core.sdp;

/** Checks of single values while reading; each failure says what was expected. */
final class Fields {
  private static final int SHOWN_CHARS = 40;

  private Fields() {}

  /** Reads a decimal number of {@code min} to {@code max}. */
  static long number(String what, String text, long min, long max) {
    if (text.length() <= 20 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException tooBig) {
        // told below, like every other number out of range
      }
    }
    throw new SdpException(what + " must be a number from " + min + " to " + max + ", not " + shown(text));
  }

  static int payloadType(String text) {
    return (int) number("payload type", text, 0, 127);
  }

  static long ssrc(String text) {
    return number("SSRC", text, 0, 0xFFFF_FFFFL);
  }

  /** A token of RFC 8866 §9, at most 256 characters. */
  static String token(String what, String text) {
    if (text.isEmpty() || text.length() > 256 || !text.chars().allMatch(Fields::isTokenChar)) {
      throw new SdpException(what + " must be 1 to 256 token characters, not " + shown(text));
    }
    return text;
  }

  /** A stream identifier: letters, digits, hyphen, underscore (RFC 8851 §10). */
  static String ridId(String text) {
    if (text.isEmpty() || text.length() > 255 || !text.chars().allMatch(Fields::isRidChar)) {
      throw new SdpException("rid must be 1 to 255 letters, digits, '-' or '_', not " + shown(text));
    }
    return text;
  }

  /** ICE fragment or password: {@code min} to 256 ice-chars (RFC 8839 §5.4). */
  static String iceChars(String what, String text, int min) {
    if (text.length() < min || text.length() > 256 || !text.chars().allMatch(Fields::isIceChar)) {
      throw new SdpException(what + " must be " + min + " to 256 letters, digits, '+' or '/'");
    }
    return text;
  }

  /** Words separated by blanks, at least {@code min} of them. */
  static String[] words(String what, String text, int min) {
    String[] words = text.strip().split("[ \t]+");
    if (words.length < min || words[0].isEmpty()) {
      throw new SdpException(what);
    }
    return words;
  }

  static String shown(String text) {
    return "\"" + (text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...") + "\"";
  }

  private static boolean isTokenChar(int c) {
    return c > ' ' && c < 0x7F && "\"(),/:;<=>?@[]\\".indexOf(c) < 0;
  }

  private static boolean isRidChar(int c) {
    return isAlphanumeric(c) || c == '-' || c == '_';
  }

  private static boolean isIceChar(int c) {
    return isAlphanumeric(c) || c == '+' || c == '/';
  }

  private static boolean isAlphanumeric(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
