package dev.tapedeck.media.core.sdp;

import java.util.Locale;

/** Who opens the DTLS association (RFC 8842 §5, RFC 4145 §4). */
public enum Setup {
  ACTPASS,
  ACTIVE,
  PASSIVE,
  HOLDCONN;

  static Setup of(String text) {
    return switch (text) {
      case "actpass" -> ACTPASS;
      case "active" -> ACTIVE;
      case "passive" -> PASSIVE;
      case "holdconn" -> HOLDCONN;
      default -> throw new SdpException("setup must be actpass, active, passive or holdconn");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
