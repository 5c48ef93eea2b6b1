package dev.tapedeck.protocol.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names one token without being of use to whoever reads it.
 *
 * @param hash            lower-case hex SHA-256 of all that the token's signature covers; not of the signature itself,
 *                        whose last character may be written in several ways
 * @param expiresAtMillis Unix milliseconds after which the token opens nothing by itself
 */
public record TokenFingerprint(String hash, long expiresAtMillis) {
  /** @param token three parts with dots between, of which the last is passed over */
  static TokenFingerprint of(String token, long expiresAtMillis) {
    try {
      byte[] signed = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(signed);
      return new TokenFingerprint(HexFormat.of().formatHex(hash), expiresAtMillis);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
