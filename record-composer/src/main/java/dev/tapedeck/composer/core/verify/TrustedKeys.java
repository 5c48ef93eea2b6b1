package dev.tapedeck.composer.core.verify;

import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import java.util.Optional;

/**
 * The keys a manifest's signature is held against.
 *
 * @param origin where they came from, for people
 * @param pinned whoever asks brought the key himself, so it did not come from where the recording may have been changed
 */
public record TrustedKeys(ManifestKeySet keys, String origin, boolean pinned) {
  Optional<ManifestKey> find(String keyId) {
    return keys.find(keyId);
  }
}
