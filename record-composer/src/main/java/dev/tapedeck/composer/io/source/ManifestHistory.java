package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The versions of one recording's manifest: each names the hash of the one before, and {@code manifest.json} is a copy of
 * the newest. So the newest one's signature covers all of them.
 */
final class ManifestHistory {
  private final ObjectStore store;
  private final List<Finding> findings;

  /** @param findings gets what does not fit */
  ManifestHistory(ObjectStore store, List<Finding> findings) {
    this.store = store;
    this.findings = findings;
  }

  Optional<Manifest> parse(String key, byte[] json) {
    try {
      return Optional.of(ManifestJson.read(json));
    } catch (ManifestException e) {
      findings.add(new Finding(Kind.MANIFEST, key, e.getMessage()));
      return Optional.empty();
    }
  }

  /** @param newestJson bytes of {@code manifest.json} */
  void check(Manifest newest, byte[] newestJson) throws IOException {
    String key = key(newest.version());
    Optional<byte[]> copy = store.read(key);
    if (copy.isEmpty() || !Arrays.equals(copy.get(), newestJson)) {
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "is not a copy of " + key));
    }
    Optional<Manifest> manifest = Optional.of(newest);
    while (manifest.isPresent() && manifest.get().version() > 1) {
      manifest = before(manifest.get());
    }
    checkNoLaterOne(newest.version());
  }

  /** An attacker, or a copy cut short, may show an older version as the newest. */
  private void checkNoLaterOne(int version) throws IOException {
    String later = key(version + 1);
    if (store.read(later).isPresent()) {
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "is version " + version + ", but " + later
          + " is there"));
    }
  }

  private Optional<Manifest> before(Manifest manifest) throws IOException {
    String key = key(manifest.version() - 1);
    Optional<byte[]> found = store.read(key);
    if (found.isEmpty() || !manifest.previousSha256().equals(Optional.of(ManifestJson.sha256(found.get())))) {
      findings.add(new Finding(Kind.MANIFEST, key,
          found.isEmpty() ? "is not in the store" : "is not what version " + manifest.version() + " was made from"));
      return Optional.empty();
    }
    Optional<Manifest> earlier = parse(key, found.get());
    if (earlier.isPresent() && earlier.get().version() != manifest.version() - 1) {
      findings.add(new Finding(Kind.MANIFEST, key, "is another version"));
      return Optional.empty();
    }
    return earlier;
  }

  private static String key(int version) {
    return "manifest." + version + ".json";
  }
}
