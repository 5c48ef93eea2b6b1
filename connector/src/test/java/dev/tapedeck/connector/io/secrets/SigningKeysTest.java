package dev.tapedeck.connector.io.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
  private static final byte[] JSON = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path data;
  private final SecureRandom random = new SecureRandom();
  private Secrets secrets;

  @BeforeEach
  void drawSecrets() throws Exception {
    secrets = Secrets.loadOrCreate(data, random);
  }

  @Test
  void drawsAKeyOnceBesideTheOtherSecrets() throws Exception {
    SigningKeys first = SigningKeys.loadOrCreate(data, random, 1);
    SigningKeys again = SigningKeys.loadOrCreate(data, random, 2);

    assertThat(again.publicKeys()).isEqualTo(first.publicKeys());
    assertThat(Secrets.loadOrCreate(data, random)).isEqualTo(secrets);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secrets"))))
        .isEqualTo("rw-------");
    assertThat(isByActive(first, ManifestSignature.sign(JSON, first.signer().key()))).isTrue();
  }

  @Test
  void rotatesWithoutARestartAndKeepsWhatVerifies() throws Exception {
    SigningKeys running = SigningKeys.loadOrCreate(data, random, 1_000);
    byte[] before = ManifestSignature.sign(JSON, running.signer().key());
    String oldId = running.signer().keyId();

    String second = SigningKeys.loadOrCreate(data, random, 0).rotate(random, 2_000);
    String third = SigningKeys.loadOrCreate(data, random, 0).rotate(random, 3_000);

    assertThat(running.signer().keyId()).isEqualTo(third);
    assertThat(running.publicKeys().keys()).extracting(ManifestKey::keyId).containsExactly(third, second, oldId);
    ManifestKey old = running.publicKeys().find(oldId).orElseThrow();
    assertThat(old.status()).isEqualTo(ManifestKey.Status.RETIRED);
    assertThat(old.notBefore().toEpochMilli()).isEqualTo(1_000);
    assertThat(old.retiredAt().orElseThrow().toEpochMilli()).isEqualTo(2_000);
    assertThat(ManifestSignature.cut(before).orElseThrow().isBy(old.key())).isTrue();
    assertThat(isByActive(running, before)).isFalse();
    assertThat(Secrets.loadOrCreate(data, random)).isEqualTo(secrets);
  }

  @Test
  void keepsNoPrivateHalfOfARetiredKey() throws Exception {
    SigningKeys keys = SigningKeys.loadOrCreate(data, random, 1);
    String seed = line("signing = ").split(" ")[3];
    keys.rotate(random, 2);

    assertThat(Files.readString(data.resolve("secrets"))).doesNotContain(seed);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secrets"))))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesALineThatIsNoKeyWithoutQuotingIt() throws Exception {
    Files.writeString(data.resolve("secrets"), "signing = not-a-key seed 1\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> SigningKeys.loadOrCreate(data, random, 1))
        .hasMessageContaining("is no key").hasNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("seed"));
  }

  private String line(String prefix) throws Exception {
    List<String> lines = Files.readAllLines(data.resolve("secrets"));
    return lines.stream().filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
  }

  private static boolean isByActive(SigningKeys keys, byte[] file) {
    return ManifestSignature.cut(file).orElseThrow().isBy(keys.publicKeys().keys().getFirst().key());
  }
}
