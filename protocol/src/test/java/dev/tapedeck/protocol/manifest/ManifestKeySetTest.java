package dev.tapedeck.protocol.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestKeySetTest {
  private static final Instant DRAWN = Instant.parse("2026-01-02T03:04:05.000Z");
  private static final Instant RETIRED = Instant.parse("2026-07-02T00:00:00.000Z");

  /** RFC 8037 Appendix A.3. */
  @Test
  void namesAKeyByItsThumbprint() {
    assertThat(ManifestKey.keyId(ManifestKey.ofX(Rfc8037.X))).isEqualTo(Rfc8037.THUMBPRINT);
  }

  @Test
  void writesAKeySet() {
    ManifestKeySet set = new ManifestKeySet(List.of(ManifestKey.active(ManifestKey.ofX(Rfc8037.X), DRAWN)));

    assertThat(new String(set.json(), UTF_8)).isEqualTo("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\""
        + Rfc8037.THUMBPRINT + "\",\"x\":\"" + Rfc8037.X + "\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"status\":\"active\","
        + "\"notBefore\":\"2026-01-02T03:04:05.000Z\"}]}");
  }

  @Test
  void readsWhatItWroteWithKeysThatAreRetired() throws Exception {
    PublicKey newer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    ManifestKeySet set = new ManifestKeySet(List.of(
        ManifestKey.active(newer, RETIRED), ManifestKey.active(ManifestKey.ofX(Rfc8037.X), DRAWN).retired(RETIRED)));

    assertThat(ManifestKeySet.parse(set.json())).isEqualTo(set);
    assertThat(set.find(Rfc8037.THUMBPRINT).orElseThrow().status()).isEqualTo(ManifestKey.Status.RETIRED);
    assertThat(set.find("nobody's")).isEmpty();
  }

  @Test
  void readsABareKeyAndPassesOverOtherKinds() throws Exception {
    String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + Rfc8037.X + "\"}";

    assertThat(ManifestKeySet.parse(jwk.getBytes(UTF_8)).find(Rfc8037.THUMBPRINT)).isPresent();
    assertThat(ManifestKeySet.parse(("{\"keys\":[{\"kty\":\"RSA\"}," + jwk + "]}").getBytes(UTF_8)).keys()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"*\"}",
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + Rfc8037.X + "\",\"notBefore\":\"soon\"}"})
  void refusesKeysThatAreNone(String json) {
    assertThatThrownBy(() -> ManifestKeySet.parse(json.getBytes(UTF_8))).isInstanceOf(ManifestException.class);
  }
}
