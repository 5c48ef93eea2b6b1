package dev.tapedeck.protocol.manifest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Ed25519 (RFC 8032) over the exact bytes of a manifest. The signature becomes the last member, so the signed bytes come
 * back by cutting it off; nobody has to agree on how JSON is written.
 *
 * <pre>
 *   {"format":...,"keyId":"..."}                           what is signed
 *   {"format":...,"keyId":"...","signature":"<86 chars>"}  what is stored
 * </pre>
 */
public final class ManifestSignature {
  private static final String ALGORITHM = "Ed25519";
  private static final byte[] BEFORE = ",\"signature\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AFTER = "\"}".getBytes(StandardCharsets.US_ASCII);
  /** 64 bytes in base64url without padding. */
  private static final int SIGNATURE_CHARS = 86;
  private static final int ADDED_BYTES = BEFORE.length + SIGNATURE_CHARS + AFTER.length - 1;

  private ManifestSignature() {}

  /**
   * A stored manifest taken apart.
   *
   * @param json      the bytes that were signed
   * @param signature 64 bytes
   */
  public record Signed(byte[] json, byte[] signature) {
    /** Whether the owner of this key signed these bytes. */
    public boolean isBy(PublicKey key) {
      try {
        Signature verifier = Signature.getInstance(ALGORITHM);
        verifier.initVerify(key);
        verifier.update(json);
        return verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }

  /**
   * Adds the signature.
   *
   * @param json as {@link ManifestJson#write} wrote it
   * @param key  Ed25519
   */
  public static byte[] sign(byte[] json, PrivateKey key) {
    if (json.length < 2 || json[json.length - 1] != '}') {
      throw new IllegalArgumentException("a manifest ends with }");
    }
    String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signatureOf(json, key));
    byte[] signed = Arrays.copyOf(json, json.length + ADDED_BYTES);
    int at = json.length - 1;
    System.arraycopy(BEFORE, 0, signed, at, BEFORE.length);
    System.arraycopy(signature.getBytes(StandardCharsets.US_ASCII), 0, signed, at + BEFORE.length, SIGNATURE_CHARS);
    System.arraycopy(AFTER, 0, signed, at + BEFORE.length + SIGNATURE_CHARS, AFTER.length);
    return signed;
  }

  /** Takes the signature off; empty when there is none at the end, or it is not written the one way it can be. */
  public static Optional<Signed> cut(byte[] file) {
    int at = file.length - AFTER.length - SIGNATURE_CHARS - BEFORE.length;
    if (at < 1 || !holdsAt(file, at, BEFORE) || !holdsAt(file, file.length - AFTER.length, AFTER)) {
      return Optional.empty();
    }
    String text = new String(file, at + BEFORE.length, SIGNATURE_CHARS, StandardCharsets.ISO_8859_1);
    byte[] json = Arrays.copyOf(file, at + 1);
    json[at] = '}';
    return decode(text).map(signature -> new Signed(json, signature));
  }

  private static byte[] signatureOf(byte[] json, PrivateKey key) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(json);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key cannot sign with " + ALGORITHM, e);
    }
  }

  /** The last character carries two spare bits; with others than zeros the same signature would have several spellings. */
  private static Optional<byte[]> decode(String text) {
    try {
      byte[] signature = Base64.getUrlDecoder().decode(text);
      boolean isCanonical = Base64.getUrlEncoder().withoutPadding().encodeToString(signature).equals(text);
      return isCanonical ? Optional.of(signature) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean holdsAt(byte[] file, int at, byte[] wanted) {
    return Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
