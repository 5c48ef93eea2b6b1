package dev.tapedeck.composer.core.verify;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.ManifestSignature.Signed;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be said of a manifest's signature.
 *
 * @param keyId  as the manifest names it, "" if it names none
 * @param pinned whether the key that fitted was brought by whoever asked
 * @param detail for people
 */
public record SignatureCheck(State state, String keyId, boolean pinned, String detail) {

  /** How it stands with the signature. */
  public enum State {
    /** The owner of the key signed exactly these bytes. */
    VALID,
    /** These are not the bytes that were signed, or the key does not fit. */
    INVALID,
    /** It names a key that is none of those at hand. */
    UNKNOWN_KEY,
    /** It is signed, and no key was at hand. */
    UNCHECKED,
    /** It names no key and carries no signature, as manifests before signing. */
    UNSIGNED,
    /** There is no manifest. */
    NONE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** There is nothing that could be signed. */
  public static final SignatureCheck NO_MANIFEST = new SignatureCheck(State.NONE, "", false, "there is no manifest");

  /**
   * Checks one manifest.
   *
   * @param file its bytes as they are stored
   * @param keys what to hold it against; without, only its form is looked at
   */
  public static SignatureCheck of(byte[] file, Manifest manifest, Optional<TrustedKeys> keys) {
    Optional<Signed> signed = ManifestSignature.cut(file);
    String keyId = manifest.keyId().orElse("");
    if (signed.isEmpty() && keyId.isEmpty()) {
      return new SignatureCheck(State.UNSIGNED, "", false, "unsigned");
    }
    if (signed.isEmpty() || keyId.isEmpty()) {
      return new SignatureCheck(State.INVALID, keyId, false, signed.isEmpty()
          ? "invalid: names key " + keyId + " and carries no signature" : "invalid: names no key");
    }
    if (keys.isEmpty()) {
      return new SignatureCheck(State.UNCHECKED, keyId, false, "not checked, key " + keyId
          + " is not pinned: bring it with --key, or say with --keys where it is served");
    }
    Optional<ManifestKey> key = keys.get().find(keyId);
    if (key.isEmpty()) {
      return new SignatureCheck(State.UNKNOWN_KEY, keyId, false, "by key " + keyId + ", which is not in "
          + keys.get().origin());
    }
    return check(signed.get(), key.get(), keyId, keys.get());
  }

  /** Whether the manifest cannot be trusted; a signature that was asked for and is not there counts. */
  public boolean isBad(Optional<TrustedKeys> keys) {
    return switch (state) {
      case INVALID, UNKNOWN_KEY -> true;
      case UNSIGNED -> keys.isPresent();
      case VALID, UNCHECKED, NONE -> false;
    };
  }

  private static SignatureCheck check(Signed signed, ManifestKey key, String keyId, TrustedKeys keys) {
    if (!signed.isBy(key.key())) {
      return new SignatureCheck(State.INVALID, keyId, keys.pinned(), "invalid: these are not the bytes that key " + keyId
          + " signed");
    }
    return new SignatureCheck(State.VALID, keyId, keys.pinned(), "valid, key " + keyId
        + (keys.pinned() ? ", pinned" : ", not pinned: it came from " + keys.origin()));
  }
}
