package dev.tapedeck.media.core.sdp;

/**
 * One line {@code <type>=<value>} of a description (RFC 8866 §5).
 *
 * @param number from 1
 * @param type   the letter before the equals sign
 * @param value  what follows it, without line end or spaces around
 */
record SdpLine(int number, char type, String value) {
  /** @throws SdpException if {@code text} is no such line, or hides a control character */
  static SdpLine of(int number, String text) {
    char type = text.charAt(0);
    if (text.length() < 2 || text.charAt(1) != '=' || type < 'a' || type > 'z') {
      throw new SdpException("a line is one small letter, an equals sign and a value").in(number, text);
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F)) {
      throw new SdpException("control character; lines end with CRLF or LF").in(number, text);
    }
    return new SdpLine(number, type, text.substring(2).strip());
  }

  /** Tells a problem found in this line with the line. */
  SdpException explain(SdpException problem) {
    return problem.in(number, text());
  }

  String text() {
    return type + "=" + value;
  }

  boolean isAttribute() {
    return type == 'a';
  }

  /** This line as attribute; only for lines of type {@code a}. */
  Attribute attribute() {
    int colon = value.indexOf(':');
    return colon < 0
        ? new Attribute(value, "")
        : new Attribute(value.substring(0, colon), value.substring(colon + 1).strip());
  }
}
