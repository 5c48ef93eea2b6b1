package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.protocol.token.TokenFingerprint;
import java.util.HashSet;
import java.util.Set;

/** Revoked tokens in memory. */
final class SimRevocations implements Revocations {
  private final Set<TokenFingerprint> revoked = new HashSet<>();

  @Override
  public boolean isRevoked(TokenFingerprint token) {
    return revoked.contains(token);
  }

  @Override
  public void revoke(TokenFingerprint token) {
    revoked.add(token);
  }
}
