package dev.tapedeck.media.core.session;

import dev.tapedeck.protocol.token.TokenFingerprint;

/** Tokens that open nothing any more. Asked and told on workers' threads; waits for nothing. */
public interface Revocations {
  boolean isRevoked(TokenFingerprint token);

  void revoke(TokenFingerprint token);
}
