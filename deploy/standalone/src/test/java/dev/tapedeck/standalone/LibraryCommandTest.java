package dev.tapedeck.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keys} and {@code library} as a person calls them, without a server. */
class LibraryCommandTest {
  private static final long RECORDING = 5_000_000_001L;

  @TempDir Path folder;
  private Path data;
  private Path library;

  @BeforeEach
  void prepare() throws Exception {
    data = folder.resolve("data");
    library = Files.createDirectories(folder.resolve("library"));
    Secrets.loadOrCreate(data, new SecureRandom());
  }

  @Test
  void rotatesAndShowsKeys() {
    String first = Cli.run("keys", "show", "--data=" + data).out();
    Cli rotated = Cli.run("keys", "rotate", "--data=" + data);
    String second = Cli.run("keys", "show", "--data=" + data).out();

    assertThat(rotated.status()).isZero();
    assertThat(first).contains(" active since ").doesNotContain("retired");
    assertThat(second.lines()).hasSize(2);
    assertThat(second.lines().toList().getLast()).startsWith(first.substring(0, first.indexOf(' '))).contains(" retired ");
    assertThat(Cli.run("keys", "show", "--json", "--data=" + data).out()).contains("\"keys\":[", "\"alg\":\"EdDSA\"");
  }

  /** Whoever names a wrong folder must not believe that all is well. */
  @Test
  void saysThatThereIsNothingToRebuildFrom() {
    Cli empty = rebuild();

    assertThat(empty.status()).isNotZero();
    assertThat(empty.err()).contains("holds no recording");
  }

  @Test
  void rebuildsADatabaseFromAFolder() throws Exception {
    byte[] signed = signed();
    put(signed);

    assertThat(rebuild().out()).contains("1 restored", "1 signed");
    assertThat(Cli.run("record", "list", "--data=" + data).out()).contains(Long.toString(RECORDING));
    assertThat(rebuild().out()).contains("1 kept");
  }

  @Test
  void endsWithOneWhenSomethingIsAmiss() throws Exception {
    put(new String(signed(), UTF_8).replace("\"empty\"", "\"complete\"").getBytes(UTF_8));
    Cli result = rebuild();

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("manifest.1.json: the signature does not fit", "1 forged");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(Cli.run("library", "rebuild", "--data=" + data).err()).contains("--from");
    assertThat(Cli.run("library", "rebuild", "--from=s3://bucket", "--data=" + data).err())
        .contains("must begin with http:// or https://");
    assertThat(Cli.run("library", "rebuild", "--from=" + folder.resolve("nothing"), "--data=" + data).err())
        .contains("neither a store URI nor a folder");
  }

  private Cli rebuild() {
    return Cli.run("library", "rebuild", "--from=" + library, "--data=" + data);
  }

  private void put(byte[] manifest) throws Exception {
    Path file = library.resolve(ChunkKey.manifest("default", "r", RECORDING, 1));
    Files.createDirectories(file.getParent());
    Files.write(file, manifest);
  }

  private byte[] signed() throws Exception {
    SigningKeys.Signer signer = SigningKeys.loadOrCreate(data, new SecureRandom(), 0).signer();
    Manifest manifest = new Manifest(Manifest.FORMAT, 1, Optional.empty(), "default", "r", 1, RECORDING, Instant.EPOCH,
        Instant.EPOCH, 0, Verdict.EMPTY, "stop", List.of(), List.of(), List.of(), List.of(), Optional.of(signer.keyId()));
    return ManifestSignature.sign(ManifestJson.write(manifest), signer.key());
  }
}
