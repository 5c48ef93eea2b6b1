package dev.tapedeck.bench.client;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Duration;
import java.time.Instant;

/** Signs join tokens with an app's secret, as a backend does that issues its own. */
public final class JoinTokens {
  private final String app;
  private final Algorithm algorithm;
  private final Duration validFor;

  public JoinTokens(String app, String secret, Duration validFor) {
    this.app = app;
    this.algorithm = Algorithm.HMAC256(secret);
    this.validFor = validFor;
  }

  public String whip(String room, String peer, boolean isRecorded) {
    return JWT.create().withIssuer("whip").withSubject(app).withClaim("room", room).withClaim("peer", peer)
        .withClaim("record", isRecorded).withExpiresAt(expiry()).sign(algorithm);
  }

  public String whep(String room, String peer) {
    return JWT.create().withIssuer("whep").withSubject(app).withClaim("room", room).withClaim("peer", peer)
        .withExpiresAt(expiry()).sign(algorithm);
  }

  private Instant expiry() {
    return Instant.now().plus(validFor);
  }
}
