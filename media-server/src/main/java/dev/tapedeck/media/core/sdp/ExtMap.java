package dev.tapedeck.media.core.sdp;

import java.util.Optional;

/**
 * {@code a=extmap:<id>[/<direction>] <uri> [<attributes>]} (RFC 8285 §5, §8).
 *
 * @param id         1..255, or 4096..4351 for an extension offered without a number of its own
 * @param direction  empty when none is written, which means as the m-line
 * @param attributes of the extension, empty for none
 */
public record ExtMap(int id, Optional<Direction> direction, String uri, String attributes) {
  private static final int MAX_ID = 255;
  private static final int FIRST_UNASSIGNED_ID = 4096;
  private static final int LAST_UNASSIGNED_ID = 4351;

  static ExtMap parse(String value) {
    String[] words = value.strip().split("[ \t]+", 3);
    if (words.length < 2) {
      throw new SdpException("extmap needs an id and a URI");
    }
    int slash = words[0].indexOf('/');
    int id = id(slash < 0 ? words[0] : words[0].substring(0, slash));
    Optional<Direction> direction = slash < 0 ? Optional.empty() : direction(words[0].substring(slash + 1));
    return new ExtMap(id, direction, words[1], words.length > 2 ? words[2] : "");
  }

  private static int id(String text) {
    long id = Fields.number("extmap id", text, 1, LAST_UNASSIGNED_ID);
    if (id > MAX_ID && id < FIRST_UNASSIGNED_ID) {
      throw new SdpException("extmap id must be 1 to 255 or 4096 to 4351, not " + id);
    }
    return (int) id;
  }

  private static Optional<Direction> direction(String text) {
    Optional<Direction> direction = Direction.of(text);
    if (direction.isEmpty()) {
      throw new SdpException("extmap direction must be sendrecv, sendonly, recvonly or inactive");
    }
    return direction;
  }

  /** Whether packets can carry this number; 15 ends the elements of a one-byte header (RFC 8285 §4.2). */
  boolean isUsable() {
    return id <= MAX_ID && id != 15;
  }

  @Override
  public String toString() {
    return id + direction.map(d -> "/" + d).orElse("") + " " + uri + (attributes.isEmpty() ? "" : " " + attributes);
  }
}
