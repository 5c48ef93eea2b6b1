package dev.tapedeck.media.core.sdp;

import java.util.Locale;
import java.util.Optional;

/** Which way media, or a header extension, flows; as the side that writes the description sees it (RFC 3264 §5.1). */
public enum Direction {
  SENDRECV,
  SENDONLY,
  RECVONLY,
  INACTIVE;

  /** The same flow seen from the other side. */
  public Direction reversed() {
    return switch (this) {
      case SENDONLY -> RECVONLY;
      case RECVONLY -> SENDONLY;
      case SENDRECV, INACTIVE -> this;
    };
  }

  public boolean sends() {
    return this == SENDRECV || this == SENDONLY;
  }

  public boolean receives() {
    return this == SENDRECV || this == RECVONLY;
  }

  static Optional<Direction> of(String text) {
    return switch (text) {
      case "sendrecv" -> Optional.of(SENDRECV);
      case "sendonly" -> Optional.of(SENDONLY);
      case "recvonly" -> Optional.of(RECVONLY);
      case "inactive" -> Optional.of(INACTIVE);
      default -> Optional.empty();
    };
  }

  /** As it stands in a description: {@code sendrecv}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
