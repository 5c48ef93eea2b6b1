package dev.tapedeck.connector.io.library;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import java.util.Optional;

/**
 * A manifest as it was found.
 *
 * @param sha256 hash of the file's bytes
 * @param trust  what its signature is worth
 */
record SignedManifest(Manifest manifest, String sha256, Trust trust) {
  enum Trust {
    /** Signed by one of the keys at hand. */
    SIGNED,
    /** Signed, by a key that is not at hand. */
    UNKNOWN_KEY,
    /** Written by a release that did not sign, or stripped. */
    UNSIGNED,
    /** The signature is not that of the key it names. */
    FORGED
  }

  static SignedManifest read(byte[] file, ManifestKeySet keys) throws ManifestException {
    Manifest manifest = ManifestJson.read(file);
    return new SignedManifest(manifest, ManifestJson.sha256(file), trust(file, manifest, keys));
  }

  private static Trust trust(byte[] file, Manifest manifest, ManifestKeySet keys) {
    Optional<ManifestSignature.Signed> signed = ManifestSignature.cut(file);
    if (signed.isEmpty()) {
      return manifest.keyId().isEmpty() ? Trust.UNSIGNED : Trust.FORGED;
    }
    Optional<ManifestKey> key = manifest.keyId().flatMap(keys::find);
    if (key.isEmpty()) {
      return Trust.UNKNOWN_KEY;
    }
    return signed.get().isBy(key.get().key()) ? Trust.SIGNED : Trust.FORGED;
  }
}
