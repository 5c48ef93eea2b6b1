package dev.tapedeck.media.core.sdp;

/**
 * {@code a=msid:<stream> [<track>]} (RFC 8830 §2): what the receiving browser shows as stream and track id.
 *
 * @param track empty when not written
 */
public record Msid(String stream, String track) {
  static Msid parse(String value) {
    String[] words = Fields.words("msid needs a stream id", value, 1);
    return new Msid(words[0], words.length > 1 ? words[1] : "");
  }

  @Override
  public String toString() {
    return track.isEmpty() ? stream : stream + " " + track;
  }
}
