package dev.tapedeck.protocol.token;

import java.util.Optional;

/** What a token opens; the {@code iss} claim says it, so that a token for one door opens no other. */
public enum TokenKind {
  /** Publishes one peer into one room (RFC 9725). */
  WHIP("whip"),
  /** Watches one room. */
  WHEP("whep"),
  /** Connects an SDK client, which may join a room at once or later. */
  WEBRTC("webrtc"),
  /** A person of an app, who uses the API with a role. */
  USER("user"),
  /** Whoever holds the link may enter this one room. */
  INVITE("invite"),
  /** A link to one file of one recording, which a player opens without a bearer of its own. */
  FILE("file"),
  /** A media server that dials its connector; signed with the node secret, it belongs to no app. */
  NODE("node");

  private final String issuer;

  TokenKind(String issuer) {
    this.issuer = issuer;
  }

  /** The value of the {@code iss} claim. */
  public String issuer() {
    return issuer;
  }

  static Optional<TokenKind> ofIssuer(String issuer) {
    for (TokenKind kind : values()) {
      if (kind.issuer.equals(issuer)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
