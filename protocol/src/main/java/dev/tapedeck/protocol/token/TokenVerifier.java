package dev.tapedeck.protocol.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.token.TokenException.Reason;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Checks tokens (RFC 7519, RFC 8725): the algorithm is pinned to HS256, {@code sub} selects the app, any active secret of
 * that app verifies, and {@code exp} must be there. Whatever bytes come in, only {@link TokenException} comes out.
 */
public final class TokenVerifier {
  /** Longer texts are refused unread. */
  public static final int MAX_TOKEN_CHARS = 8192;
  /** How far the clock of whoever signed may be ahead of ours. */
  public static final long NOT_BEFORE_LEEWAY_MILLIS = 60_000;

  static final Set<String> ROLES = Set.of("admin", "member");
  private static final long MAX_NODE = 0xFFFF_FFFFL;
  private static final long MAX_DATE_SECONDS = 1L << 43;

  private final Apps apps;
  private final List<Redacted> nodeSecrets;
  private final LongSupplier wallMillis;
  private final Predicate<TokenFingerprint> isRevoked;

  /**
   * @param nodeSecrets active secrets of media servers; none where no node is served
   * @param wallMillis  gives Unix milliseconds
   */
  public TokenVerifier(Apps apps, List<Redacted> nodeSecrets, LongSupplier wallMillis) {
    this(apps, nodeSecrets, wallMillis, token -> false);
  }

  private TokenVerifier(
      Apps apps, List<Redacted> nodeSecrets, LongSupplier wallMillis, Predicate<TokenFingerprint> isRevoked) {
    this.apps = apps;
    this.nodeSecrets = List.copyOf(nodeSecrets);
    this.wallMillis = wallMillis;
    this.isRevoked = isRevoked;
  }

  /** The same, but it also refuses tokens that were revoked. @param isRevoked asked from any thread */
  public TokenVerifier refusing(Predicate<TokenFingerprint> isRevoked) {
    return new TokenVerifier(apps, nodeSecrets, wallMillis, isRevoked);
  }

  /** What the token says, when it is whole, ours, in force, and made for this door. */
  public TokenClaims verify(String token, TokenKind expected) throws TokenException {
    return verify(token, expected, wallMillis.getAsLong());
  }

  /**
   * As {@link #verify(String, TokenKind)}, but a token whose time is over still tells whose it was. Only for an ICE
   * restart of a connection that is alive: the caller must compare app, room and peer with those of the connection.
   */
  public TokenClaims verifyForRestart(String token, TokenKind expected) throws TokenException {
    return verify(token, expected, Long.MIN_VALUE);
  }

  /** Whether a token that was verified once still opens something: it has neither expired since nor been revoked. */
  public boolean isInForce(TokenFingerprint token) {
    return token.expiresAtMillis() > wallMillis.getAsLong() && !isRevoked.test(token);
  }

  private TokenClaims verify(String token, TokenKind expected, long nowMillis) throws TokenException {
    DecodedJWT decoded = decode(token);
    if (!"HS256".equals(decoded.getAlgorithm())) {
      throw new TokenException(Reason.WRONG_ALGORITHM, "the token must be signed with HS256");
    }
    if (TokenKind.ofIssuer(decoded.getIssuer()).filter(kind -> kind == expected).isEmpty()) {
      throw new TokenException(Reason.WRONG_KIND, "a token with iss \"" + expected.issuer() + "\" is needed here");
    }
    String app = expected == TokenKind.NODE ? "" : app(decoded);
    checkSignature(decoded, expected == TokenKind.NODE ? nodeSecrets : apps.secrets(app));
    TokenFingerprint fingerprint = TokenFingerprint.of(token, checkTimes(decoded, nowMillis));
    if (isRevoked.test(fingerprint)) {
      throw new TokenException(Reason.REVOKED, "the token was revoked; ask for a new one");
    }
    return claims(decoded, expected, app, fingerprint);
  }

  private static DecodedJWT decode(String token) throws TokenException {
    if (token.length() > MAX_TOKEN_CHARS) {
      throw new TokenException(Reason.MALFORMED, "the token is longer than " + MAX_TOKEN_CHARS + " characters");
    }
    try {
      DecodedJWT decoded = JWT.decode(token);
      // The library takes the JSON value null for an object, and fails on it later.
      if (isObject(decoded.getHeader()) && isObject(decoded.getPayload())) {
        return decoded;
      }
    } catch (JWTVerificationException | IllegalArgumentException e) {
      // Told below, together with parts that are JSON but no objects.
    }
    throw new TokenException(Reason.MALFORMED, "this is not a JSON Web Token");
  }

  private static boolean isObject(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8).strip().startsWith("{");
  }

  private String app(DecodedJWT token) throws TokenException {
    Optional<String> named = Optional.ofNullable(token.getSubject());
    return named.or(apps::onlyApp)
        .filter(app -> !apps.secrets(app).isEmpty())
        .orElseThrow(() -> new TokenException(Reason.UNKNOWN_APP, "sub must name an app of this server"));
  }

  private static void checkSignature(DecodedJWT token, List<Redacted> secrets) throws TokenException {
    for (Redacted secret : secrets) {
      try {
        Algorithm.HMAC256(secret.revealBytes()).verify(token);
        return;
      } catch (JWTVerificationException wrongSecret) {
        // The next active secret may be the one.
      }
    }
    throw new TokenException(Reason.BAD_SIGNATURE, "the token was not signed with an active secret of its app");
  }

  private static long checkTimes(DecodedJWT token, long nowMillis) throws TokenException {
    Instant expiresAt = instant(token.getClaim("exp"), "exp");
    if (expiresAt == null) {
      throw new TokenException(Reason.NO_EXPIRY, "the token needs an exp claim");
    }
    long expiresAtMillis = millis(expiresAt);
    if (expiresAtMillis <= nowMillis) {
      throw new TokenException(Reason.EXPIRED, "the token expired at " + expiresAt + "; ask for a new one");
    }
    Instant notBefore = instant(token.getClaim("nbf"), "nbf");
    if (nowMillis != Long.MIN_VALUE && notBefore != null
        && millis(notBefore) - NOT_BEFORE_LEEWAY_MILLIS > nowMillis) {
      throw new TokenException(Reason.NOT_YET_VALID, "the token holds from " + notBefore + "; check the clocks");
    }
    return expiresAtMillis;
  }

  private static TokenClaims claims(DecodedJWT token, TokenKind kind, String app, TokenFingerprint fingerprint)
      throws TokenException {
    boolean needsRoom = kind == TokenKind.WHIP || kind == TokenKind.WHEP || kind == TokenKind.INVITE;
    Optional<String> role = text(token, "role", kind == TokenKind.USER);
    if (role.isPresent() && !ROLES.contains(role.get())) {
      throw new TokenException(Reason.BAD_CLAIM, "role must be admin or member");
    }
    return new TokenClaims(
        kind,
        app,
        id(token, "room", needsRoom),
        id(token, "peer", kind == TokenKind.WHIP),
        flag(token, "record"),
        flag(token, "record_exclude"),
        flag(token, "hidden"),
        flag(token, "recorder"),
        recordPolicy(token),
        text(token, "extra_data", false),
        id(token, "user", kind == TokenKind.USER),
        role,
        kind == TokenKind.NODE ? node(token) : 0,
        id(token, "jti", false),
        fingerprint.expiresAtMillis(),
        fingerprint);
  }

  private static Optional<RecordPolicy> recordPolicy(DecodedJWT token) throws TokenException {
    try {
      return RecordPolicies.of(text(token, "record_layers", false), text(token, "record_media", false));
    } catch (IllegalArgumentException e) {
      throw new TokenException(Reason.BAD_CLAIM, e.getMessage());
    }
  }

  private static Optional<String> id(DecodedJWT token, String name, boolean required) throws TokenException {
    Optional<String> text = text(token, name, required);
    if (text.isPresent() && !Ids.isName(text.get())) {
      throw new TokenException(Reason.BAD_CLAIM, name + " must be 1 to 128 bytes of UTF-8 without control characters");
    }
    return text;
  }

  private static Optional<String> text(DecodedJWT token, String name, boolean required) throws TokenException {
    Claim claim = token.getClaim(name);
    if (claim.isMissing() || claim.isNull()) {
      if (required) {
        throw new TokenException(Reason.BAD_CLAIM, "the token needs a " + name + " claim");
      }
      return Optional.empty();
    }
    if (claim.asString() == null) {
      throw new TokenException(Reason.BAD_CLAIM, name + " must be a string");
    }
    return Optional.of(claim.asString());
  }

  private static boolean flag(DecodedJWT token, String name) throws TokenException {
    Claim claim = token.getClaim(name);
    if (claim.isMissing() || claim.isNull()) {
      return false;
    }
    if (claim.asBoolean() == null) {
      throw new TokenException(Reason.BAD_CLAIM, name + " must be true or false");
    }
    return claim.asBoolean();
  }

  private static long node(DecodedJWT token) throws TokenException {
    Long node = token.getClaim("node").asLong();
    if (node == null || node < 0 || node > MAX_NODE) {
      throw new TokenException(Reason.BAD_CLAIM, "node must be a number of 0 to " + MAX_NODE);
    }
    return node;
  }

  /** The moment in a numeric date claim (RFC 7519 §2), or null when the claim is missing. */
  private static Instant instant(Claim claim, String name) throws TokenException {
    if (claim.isMissing() || claim.isNull()) {
      return null;
    }
    try {
      Instant instant = claim.asInstant();
      if (instant != null) {
        return instant;
      }
    } catch (RuntimeException notSeconds) {
      // Falls through to the one message for all claims that are not a date.
    }
    throw new TokenException(Reason.BAD_CLAIM, name + " must be a number of seconds since 1970");
  }

  /** Dates beyond what fits are as good as the last one that does. */
  private static long millis(Instant instant) {
    long seconds = Math.clamp(instant.getEpochSecond(), -MAX_DATE_SECONDS, MAX_DATE_SECONDS);
    return Math.multiplyExact(seconds, 1000L) + instant.getNano() / 1_000_000;
  }
}
