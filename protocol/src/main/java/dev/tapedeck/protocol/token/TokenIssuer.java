package dev.tapedeck.protocol.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Signs tokens (RFC 7519, HS256) with the first secret of their app. The claims lie flat, as backends that sign on their
 * own write them: {@code iss}, {@code sub}, {@code room}, {@code peer}, {@code record}, {@code extra_data},
 * {@code iat}, {@code nbf}, {@code exp} in seconds.
 */
public final class TokenIssuer {
  /** A token lives at least this long, so that a clock a little off does not make it dead on arrival. */
  public static final long MIN_TTL_SECONDS = 1;
  /** One year. */
  public static final long MAX_TTL_SECONDS = 31_536_000;

  private final Apps apps;
  private final LongSupplier wallMillis;

  /** @param wallMillis gives Unix milliseconds */
  public TokenIssuer(Apps apps, LongSupplier wallMillis) {
    this.apps = apps;
    this.wallMillis = wallMillis;
  }

  /**
   * A token for a media door.
   *
   * @param kind       {@link TokenKind#WHIP}, {@link TokenKind#WHEP} or {@link TokenKind#WEBRTC}
   * @param grant      where and as whom; null claims are left out
   * @param ttlSeconds {@link #MIN_TTL_SECONDS} to {@link #MAX_TTL_SECONDS}
   * @throws IllegalArgumentException when the app is unknown or a value is out of range; says which
   */
  public String media(TokenKind kind, String app, Grant grant, long ttlSeconds) {
    return media(kind, app, grant, ttlSeconds, Optional.empty());
  }

  /** @param tokenId {@code jti}; opens one connection only, where the media server is set to {@code tokens.single-use} */
  public String media(TokenKind kind, String app, Grant grant, long ttlSeconds, Optional<String> tokenId) {
    JWTCreator.Builder token = begin(kind, ttlSeconds).withSubject(app);
    withName(token, "jti", tokenId.orElse(null));
    withName(token, "room", grant.room());
    withName(token, "peer", grant.peer());
    if (kind != TokenKind.WHEP) {
      token.withClaim("record", grant.record());
    }
    if (grant.recordExclude()) {
      token.withClaim("record_exclude", true);
    }
    withFlag(token, "hidden", grant.hidden());
    withFlag(token, "recorder", grant.recorder());
    withPolicy(token, grant.recordPolicy());
    withText(token, "extra_data", grant.extraData());
    return token.sign(signingKey(app));
  }

  /** A link into one room for whoever holds it. */
  public String invite(String app, String room, boolean record, long ttlSeconds) {
    return invite(app, room, record, Optional.empty(), ttlSeconds);
  }

  /** @param policy what is taped of whoever enters by the link, if it says */
  public String invite(String app, String room, boolean record, Optional<RecordPolicy> policy, long ttlSeconds) {
    JWTCreator.Builder token = begin(TokenKind.INVITE, ttlSeconds)
        .withSubject(app)
        .withClaim("room", Ids.requireName("room", room))
        .withClaim("record", record);
    withPolicy(token, policy);
    return token.sign(signingKey(app));
  }

  /** A link to one file. @param file what {@link TokenClaims#extraData} gives back */
  public String file(String app, String file, long ttlSeconds) {
    return begin(TokenKind.FILE, ttlSeconds).withSubject(app).withClaim("extra_data", file).sign(signingKey(app));
  }

  /** A person of the app, for the API. @param role "admin" or "member" */
  public String user(String app, String user, String role, long ttlSeconds) {
    if (!TokenVerifier.ROLES.contains(role)) {
      throw new IllegalArgumentException("role must be admin or member");
    }
    return begin(TokenKind.USER, ttlSeconds)
        .withSubject(app)
        .withClaim("user", Ids.requireName("user", user))
        .withClaim("role", role)
        .sign(signingKey(app));
  }

  /** A media server's pass to the connector, made by the media server itself for each dial. */
  public static String node(Redacted nodeSecret, long node, long nowMillis, long ttlSeconds) {
    return begin(TokenKind.NODE, nowMillis, ttlSeconds)
        .withClaim("node", node)
        .sign(Algorithm.HMAC256(nodeSecret.revealBytes()));
  }

  /**
   * What a media token lets its holder do.
   *
   * @param room          null only for webrtc
   * @param peer          null for whep (the server invents one) and webrtc
   * @param recordExclude keeps the session off every tape
   * @param recordPolicy  what of the session is taped; empty for what its room says
   * @param extraData     null when the app has nothing to say to other peers
   * @param hidden        may be one that others are never told of; whip tokens cannot have it
   * @param recorder      may be one that records, and is never told of; the same
   */
  public record Grant(
      String room,
      String peer,
      boolean record,
      boolean recordExclude,
      Optional<RecordPolicy> recordPolicy,
      String extraData,
      boolean hidden,
      boolean recorder) {
    public Grant(
        String room,
        String peer,
        boolean record,
        boolean recordExclude,
        Optional<RecordPolicy> recordPolicy,
        String extraData) {
      this(room, peer, record, recordExclude, recordPolicy, extraData, false, false);
    }

    public Grant(String room, String peer, boolean record, boolean recordExclude, String extraData) {
      this(room, peer, record, recordExclude, Optional.empty(), extraData);
    }

    public static Grant of(String room, String peer, boolean record) {
      return new Grant(room, peer, record, false, null);
    }

    public static Grant of(String room, String peer, boolean record, Optional<RecordPolicy> policy) {
      return new Grant(room, peer, record, false, policy, null);
    }
  }

  private JWTCreator.Builder begin(TokenKind kind, long ttlSeconds) {
    return begin(kind, wallMillis.getAsLong(), ttlSeconds);
  }

  private static JWTCreator.Builder begin(TokenKind kind, long nowMillis, long ttlSeconds) {
    if (ttlSeconds < MIN_TTL_SECONDS || ttlSeconds > MAX_TTL_SECONDS) {
      throw new IllegalArgumentException(
          "ttl is " + ttlSeconds + " s; give " + MIN_TTL_SECONDS + " to " + MAX_TTL_SECONDS + " s");
    }
    Instant now = Instant.ofEpochMilli(nowMillis);
    return JWT.create()
        .withIssuer(kind.issuer())
        .withIssuedAt(now)
        .withNotBefore(now)
        .withExpiresAt(now.plusSeconds(ttlSeconds));
  }

  private Algorithm signingKey(String app) {
    List<Redacted> secrets = apps.secrets(app);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("no app " + app + " is configured");
    }
    return Algorithm.HMAC256(secrets.getFirst().revealBytes());
  }

  private static void withFlag(JWTCreator.Builder token, String claim, boolean value) {
    if (value) {
      token.withClaim(claim, true);
    }
  }

  private static void withPolicy(JWTCreator.Builder token, Optional<RecordPolicy> policy) {
    policy.ifPresent(chosen -> token
        .withClaim("record_layers", RecordPolicies.layers(chosen))
        .withClaim("record_media", RecordPolicies.media(chosen)));
  }

  private static void withName(JWTCreator.Builder token, String claim, String name) {
    withText(token, claim, name == null ? null : Ids.requireName(claim, name));
  }

  private static void withText(JWTCreator.Builder token, String claim, String value) {
    if (value != null) {
      token.withClaim(claim, value);
    }
  }
}
