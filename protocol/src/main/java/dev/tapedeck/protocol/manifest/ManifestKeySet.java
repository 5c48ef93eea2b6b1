package dev.tapedeck.protocol.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of an installation, those it retired too, as a JWK Set (RFC 7517 §5). It is served at {@link #PATH}.
 *
 * @param keys the active one first
 */
public record ManifestKeySet(List<ManifestKey> keys) {
  public static final String PATH = "/.well-known/tapedeck-keys.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public ManifestKeySet {
    keys = List.copyOf(keys);
  }

  /** The key that a manifest names. */
  public Optional<ManifestKey> find(String keyId) {
    return keys.stream().filter(key -> key.keyId().equals(keyId)).findFirst();
  }

  public byte[] json() {
    ObjectNode set = JSON.createObjectNode();
    keys.forEach(key -> set.withArray("keys").add(jwk(key)));
    try {
      return JSON.writeValueAsBytes(set);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a key set holds nothing that JSON could not", e);
    }
  }

  /**
   * Reads a JWK Set, or a single JWK. Keys of other kinds are passed over, as RFC 7517 §5 asks.
   *
   * @throws ManifestException when it is no JSON, or a key of ours lacks something
   */
  public static ManifestKeySet parse(byte[] json) throws ManifestException {
    try {
      JsonNode root = JSON.readTree(json);
      List<ManifestKey> keys = new ArrayList<>();
      for (JsonNode jwk : root.has("keys") ? root.get("keys") : JSON.createArrayNode().add(root)) {
        if (jwk.path("kty").asText().equals("OKP") && jwk.path("crv").asText().equals("Ed25519")) {
          keys.add(key(jwk));
        }
      }
      return new ManifestKeySet(keys);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new ManifestException("this is not a set of keys: " + e.getMessage(), e);
    }
  }

  private static ObjectNode jwk(ManifestKey key) {
    ObjectNode jwk = JSON.createObjectNode()
        .put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("kid", key.keyId())
        .put("x", ManifestKey.x(key.key()))
        .put("use", "sig")
        .put("alg", "EdDSA")
        .put("status", key.status().text())
        .put("notBefore", ManifestJson.iso(key.notBefore()));
    key.retiredAt().ifPresent(at -> jwk.put("retiredAt", ManifestJson.iso(at)));
    return jwk;
  }

  /** A bare JWK, as others write it, has neither status nor dates. */
  private static ManifestKey key(JsonNode jwk) {
    Instant notBefore = jwk.has("notBefore") ? Instant.parse(jwk.get("notBefore").asText()) : Instant.EPOCH;
    ManifestKey active = ManifestKey.active(ManifestKey.ofX(jwk.path("x").asText()), notBefore);
    if (!jwk.path("status").asText().equals(ManifestKey.Status.RETIRED.text())) {
      return active;
    }
    return active.retired(jwk.has("retiredAt") ? Instant.parse(jwk.get("retiredAt").asText()) : notBefore);
  }
}
