package dev.tapedeck.protocol.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** D-14: who holds only the file and the public key finds any change of any byte. */
class ManifestSignatureTest {
  private static final byte[] JSON = "{\"format\":\"x\",\"signature\":\"inner\"}".getBytes(UTF_8);
  private static final PublicKey KEY = ManifestKey.ofX(Rfc8037.X);

  /** RFC 8037 Appendix A.4 and A.5. */
  @Test
  void checksTheSignatureOfTheRfc() {
    byte[] signature = Base64.getUrlDecoder().decode(Rfc8037.SIGNATURE);

    assertThat(new ManifestSignature.Signed(Rfc8037.SIGNED.getBytes(UTF_8), signature).isBy(KEY)).isTrue();
    assertThat(new ManifestSignature.Signed((Rfc8037.SIGNED + ".").getBytes(UTF_8), signature).isBy(KEY)).isFalse();
  }

  @Test
  void givesBackTheBytesThatWereSigned() {
    byte[] file = ManifestSignature.sign(JSON, Rfc8037.privateKey());
    ManifestSignature.Signed signed = ManifestSignature.cut(file).orElseThrow();

    assertThat(new String(file, UTF_8)).matches("\\{\"format\":\"x\",\"signature\":\"inner\",\"signature\":\"[\\w-]{86}\"}");
    assertThat(signed.json()).isEqualTo(JSON);
    assertThat(signed.isBy(KEY)).isTrue();
  }

  @Test
  void findsEveryFlippedBit() {
    byte[] file = ManifestSignature.sign(JSON, Rfc8037.privateKey());
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] changed = file.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(ManifestSignature.cut(changed).filter(signed -> signed.isBy(KEY))).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void findsEveryMissingOrAddedByte() {
    byte[] file = ManifestSignature.sign(JSON, Rfc8037.privateKey());
    String text = new String(file, UTF_8);
    for (int at = 0; at < file.length; at++) {
      String shorter = text.substring(0, at) + text.substring(at + 1);
      String longer = text.substring(0, at) + " " + text.substring(at);

      assertThat(ManifestSignature.cut(shorter.getBytes(UTF_8)).filter(signed -> signed.isBy(KEY))).isEmpty();
      assertThat(ManifestSignature.cut(longer.getBytes(UTF_8)).filter(signed -> signed.isBy(KEY))).isEmpty();
    }
    assertThat(ManifestSignature.cut((text + "\n").getBytes(UTF_8))).isEmpty();
  }

  @Test
  void knowsOnlyItsOwnKey() throws Exception {
    PublicKey other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    PublicKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    ManifestSignature.Signed signed =
        ManifestSignature.cut(ManifestSignature.sign(JSON, Rfc8037.privateKey())).orElseThrow();

    assertThat(signed.isBy(other)).isFalse();
    assertThat(signed.isBy(rsa)).isFalse();
  }

  @Test
  void findsNoSignatureWhereThereIsNone() {
    assertThat(ManifestSignature.cut(JSON)).isEmpty();
    assertThat(ManifestSignature.cut(new byte[0])).isEmpty();
    assertThat(ManifestSignature.cut((",\"signature\":\"" + "A".repeat(86) + "\"}").getBytes(UTF_8))).isEmpty();
  }

  @Test
  void signsOnlyWhatEndsAsAnObjectDoes() {
    assertThatThrownBy(() -> ManifestSignature.sign("{}\n".getBytes(UTF_8), Rfc8037.privateKey()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
