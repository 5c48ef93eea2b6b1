package dev.tapedeck.media.io.http;

import dev.tapedeck.media.core.limit.Limit;
import dev.tapedeck.protocol.token.TokenClaims;
import java.util.function.LongSupplier;

/** Sees to it that a token with a {@code jti} opens one connection, if that is wanted. Used by all threads. */
final class TokenUse {
  /** What to tell who brings a token for the second time. */
  static final String USED = "the token has opened a connection already, and is for one only; ask for a new one";

  private final boolean isWanted;
  private final SingleUse tokens = new SingleUse(SingleUse.MAX_TOKENS);
  private final Refusals refusals;
  private final LongSupplier wallMillis;

  TokenUse(boolean isWanted, Refusals refusals, LongSupplier wallMillis) {
    this.isWanted = isWanted;
    this.refusals = refusals;
    this.wallMillis = wallMillis;
  }

  /** See {@link SingleUse#take}; a token without {@code jti} is kept. */
  SingleUse.Outcome take(TokenClaims claims, String connection, String before) {
    if (!isCounted(claims)) {
      return SingleUse.Outcome.KEPT;
    }
    SingleUse.Outcome outcome =
        take(claims.app(), claims.tokenId().orElseThrow(), claims.expiresAtMillis(), connection, before);
    if (outcome == SingleUse.Outcome.TOO_MANY) {
      refusals.count(Limit.TOKENS_REMEMBERED);
    }
    return outcome;
  }

  /** Takes a token that is for one connection, known by its {@code jti}. */
  SingleUse.Outcome take(String app, String tokenId, long expiresAtMillis, String connection, String before) {
    return tokens.take(app, tokenId, expiresAtMillis, connection, before, wallMillis.getAsLong());
  }

  /** As {@link #take(TokenClaims, String, String)} for an HTTP request, which is refused if need be. */
  void require(TokenClaims claims, String connection, String before) {
    switch (take(claims, connection, before)) {
      case TAKEN, KEPT -> {}
      case USED -> throw new Bearer.Unauthorized(USED);
      case TOO_MANY ->
          throw new HttpProblem(503, "limit_reached", tooMany(claims.app()), HttpProblem.RETRY_SECONDS);
    }
  }

  /** What to tell when no more tokens of the app can be remembered. */
  static String tooMany(String app) {
    return "app " + app + " has " + SingleUse.MAX_TOKENS
        + " single-use tokens in force here; let them expire sooner";
  }

  /** See {@link SingleUse#giveBack}. */
  void giveBack(TokenClaims claims, String connection, String before) {
    if (isCounted(claims)) {
      giveBack(claims.app(), claims.tokenId().orElseThrow(), connection, before);
    }
  }

  /** The same for a token whose {@code jti} is all that is known. */
  void giveBack(String app, String tokenId, String connection, String before) {
    tokens.giveBack(app, tokenId, connection, before);
  }

  private boolean isCounted(TokenClaims claims) {
    return isWanted && claims.tokenId().isPresent();
  }
}
