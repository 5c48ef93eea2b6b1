package dev.tapedeck.protocol.manifest;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A public key that manifests were or are signed with.
 *
 * @param key       Ed25519
 * @param notBefore when it was drawn
 * @param retiredAt since when nothing new is signed with it; what was signed before stays good
 */
public record ManifestKey(PublicKey key, Status status, Instant notBefore, Optional<Instant> retiredAt) {
  /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410 §4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int KEY_BYTES = 32;

  /** Whether new manifests are signed with it. */
  public enum Status {
    ACTIVE,
    RETIRED;

    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static ManifestKey active(PublicKey key, Instant notBefore) {
    return new ManifestKey(key, Status.ACTIVE, notBefore, Optional.empty());
  }

  public ManifestKey retired(Instant at) {
    return new ManifestKey(key, Status.RETIRED, notBefore, Optional.of(at));
  }

  /** The {@code keyId} of manifests and {@code kid} of the key set: thumbprint (RFC 7638) of the JWK (RFC 8037). */
  public String keyId() {
    return keyId(key);
  }

  /** @see #keyId() */
  public static String keyId(PublicKey key) {
    String jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x(key) + "\"}";
    try {
      return base64(MessageDigest.getInstance("SHA-256").digest(jwk.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The member {@code x} of the JWK: the key's 32 bytes in base64url. */
  public static String x(PublicKey key) {
    byte[] encoded = key.getEncoded();
    boolean isEd25519 = encoded.length == X509_PREFIX.length + KEY_BYTES
        && Arrays.equals(encoded, 0, X509_PREFIX.length, X509_PREFIX, 0, X509_PREFIX.length);
    if (!isEd25519) {
      throw new IllegalArgumentException("manifests are signed with Ed25519, not " + key.getAlgorithm());
    }
    return base64(Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
  }

  /**
   * The key of a JWK's member {@code x}.
   *
   * @throws IllegalArgumentException when it is not 32 bytes in base64url
   */
  public static PublicKey ofX(String x) {
    byte[] bytes = Base64.getUrlDecoder().decode(x);
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes, x has " + bytes.length);
    }
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
    System.arraycopy(bytes, 0, encoded, X509_PREFIX.length, KEY_BYTES);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("x is no Ed25519 key", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
