package dev.tapedeck.media.io.http;

import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenException;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.javalin.http.Context;

/** Reads the bearer token of a request (RFC 6750 §2.1). */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;
  private final RequestLimits limits;

  Bearer(TokenVerifier verifier, RequestLimits limits) {
    this.verifier = verifier;
    this.limits = limits;
  }

  /** Claims of a token in force, or a 401. */
  TokenClaims require(Context context, TokenKind kind) {
    try {
      return taken(verifier.verify(token(context), kind));
    } catch (TokenException e) {
      throw new Unauthorized(e.getMessage());
    }
  }

  /** As {@link #require}, for a connection that is alive already: there the token may have expired. */
  TokenClaims requireForLiveConnection(Context context, TokenKind kind) {
    try {
      return taken(verifier.verifyForRestart(token(context), kind));
    } catch (TokenException e) {
      throw new Unauthorized(e.getMessage());
    }
  }

  private TokenClaims taken(TokenClaims claims) {
    limits.takeApp(claims.app());
    return claims;
  }

  private static String token(Context context) {
    String header = context.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new Unauthorized("send the token in the header Authorization: Bearer <token>");
    }
    return header.substring(SCHEME.length()).strip();
  }

  /** Answered with 401 and a challenge (RFC 6750 §3). */
  static final class Unauthorized extends RuntimeException {
    Unauthorized(String message) {
      super(message, null, false, false);
    }
  }
}
