package dev.tapedeck.media.core.sdp;

/**
 * {@code a=rid:<id> send|recv [<restrictions>]} (RFC 8851 §10).
 *
 * @param direction    {@link Direction#SENDONLY} for {@code send}, {@link Direction#RECVONLY} for {@code recv}
 * @param restrictions as written, {@code pt=96,97;max-width=640}; empty for none
 */
public record Rid(String id, Direction direction, String restrictions) {
  static Rid parse(String value) {
    String[] words = value.strip().split("[ \t]+", 3);
    if (words.length < 2) {
      throw new SdpException("rid needs an id and send or recv");
    }
    Direction direction = switch (words[1]) {
      case "send" -> Direction.SENDONLY;
      case "recv" -> Direction.RECVONLY;
      default -> throw new SdpException("rid direction must be send or recv");
    };
    return new Rid(Fields.ridId(words[0]), direction, words.length > 2 ? words[2] : "");
  }

  @Override
  public String toString() {
    String way = direction == Direction.SENDONLY ? "send" : "recv";
    return id + " " + way + (restrictions.isEmpty() ? "" : " " + restrictions);
  }
}
