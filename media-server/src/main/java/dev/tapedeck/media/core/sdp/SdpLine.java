package dev.tapedeck.media.core.sdp;

/**
 * One line {@code <type>=<value>} of a description (RFC 8866 §5).
 *
 * @param number from 1
 * @param type   the letter before the equals sign
 * @param value  what follows it, without line end or spaces around
 */
record SdpLine(int number, char type, String value) {
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
