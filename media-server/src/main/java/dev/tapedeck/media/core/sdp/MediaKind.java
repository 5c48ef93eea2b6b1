package dev.tapedeck.media.core.sdp;

/** What an m-line carries, as far as it matters here. */
public enum MediaKind {
  AUDIO,
  VIDEO,
  /** {@code m=application}: SCTP data channels. */
  APPLICATION,
  /** Anything else a description may name; never accepted. */
  OTHER;

  static MediaKind of(String text) {
    return switch (text) {
      case "audio" -> AUDIO;
      case "video" -> VIDEO;
      case "application" -> APPLICATION;
      default -> OTHER;
    };
  }
}
