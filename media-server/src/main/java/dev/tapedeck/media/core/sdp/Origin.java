package dev.tapedeck.media.core.sdp;

/**
 * The {@code o=} line (RFC 8866 §5.2).
 *
 * @param sessionId decimal digits
 * @param version   decimal digits, counted up with each new description of the session
 * @param address   network type, address type and address: {@code IN IP4 127.0.0.1}
 */
public record Origin(String username, String sessionId, String version, String address) {
  static Origin parse(String value) {
    String[] words = Fields.words("o= is: username session-id version IN IP4|IP6 address", value, 6);
    return new Origin(words[0], words[1], words[2], words[3] + " " + words[4] + " " + words[5]);
  }

  @Override
  public String toString() {
    return username + " " + sessionId + " " + version + " " + address;
  }
}
