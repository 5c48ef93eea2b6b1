package dev.tapedeck.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** S3-7, as an operator types it, over the spool that a killed process of the first release left. */
class SpoolCommandTest {
  private static final String SEGMENT = "0000000000000000.tds";

  @TempDir private Path data;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void putGoldenSpool() throws IOException {
    try (InputStream golden = SpoolCommandTest.class.getResourceAsStream("/spool/v1/" + SEGMENT)) {
      Files.createDirectories(data.resolve("spool"));
      Files.write(data.resolve("spool").resolve(SEGMENT), golden.readAllBytes());
    }
  }

  @Test
  void lsTellsPeopleAndPrograms() throws Exception {
    assertThat(run("ls")).isZero();
    assertThat(out.toString()).contains("held by no running process", "17179869185", "25769803777", "open", "stop");
    assertThat(run("ls", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("live").asBoolean()).isFalse();
    assertThat(json.get("oldestUnsent").asText()).startsWith("2026-");
    assertThat(json.get("recordings")).hasSize(2);
    JsonNode chunk = json.at("/recordings/0/tapes/0/chunks/0");
    assertThat(chunk.get("sealed").asBoolean()).isTrue();
    assertThat(chunk.get("index").asInt()).isEqualTo(1);
    assertThat(chunk.get("key").asText()).endsWith("/00000001-1795000010030-1795000016830.tdc");
    assertThat(json.at("/recordings/1/tapes/0/chunks/0/key").isNull()).as("it is open").isTrue();
    assertThat(json.get("unsentBytes").asLong())
        .isEqualTo(json.at("/recordings/0/bytes").asLong() + json.at("/recordings/1/bytes").asLong());
  }

  @Test
  void verifyEndsWithOneAndNamesThePlace() throws Exception {
    assertThat(run("verify")).isZero();
    assertThat(out.toString()).contains("nothing is damaged");
    Path segment = data.resolve("spool").resolve(SEGMENT);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[100] ^= 1;
    Files.write(segment, bytes);
    assertThat(run("verify")).isEqualTo(1);
    assertThat(out.toString()).contains("damaged: segment " + SEGMENT + " at offset 24:");
    assertThat(run("verify", "--json")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(out.toString()).at("/damages/0/offset").asLong()).isEqualTo(24);
  }

  @Test
  void exportGoesToAFolderAndToABucketAlike() throws Exception {
    Path target = data.resolve("target");
    assertThat(run("export", target.toString())).isZero();
    Files.createDirectories(data.resolve("store/bucket"));
    S3Proxy store = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(data.resolve("store").toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, "user", "secret")
        .build();
    store.start();
    try {
      String uri = "http://user:secret@127.0.0.1:" + store.getPort() + "/bucket/from-node-7?path_style=true";
      assertThat(run("export", uri)).as(err.toString()).isZero();
      assertThat(run("export", uri.replace("secret", "wrong"))).isEqualTo(2);
      assertThat(err.toString()).contains("403").doesNotContain("wrong", "Signature");
    } finally {
      store.stop();
    }
    String key = "app/room/17179869185/peer/17179869184/00000001-1795000010030-1795000016830.tdc";
    assertThat(data.resolve("store/bucket/from-node-7").resolve(key))
        .hasSameBinaryContentAs(target.resolve(key)).isNotEmptyFile();
  }

  @Test
  void foldersInUseAreLookedAtAndNotExported() throws Exception {
    try (FileChannel lock = FileChannel.open(data.resolve("spool/lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE); FileLock held = lock.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThat(run("ls")).isZero();
      assertThat(out.toString()).contains("held by a running process");
      assertThat(run("verify")).isZero();
      assertThat(run("export", data.resolve("target").toString())).isEqualTo(2);
      assertThat(err.toString()).contains("belongs to a running process");
    }
    assertThat(data.resolve("target")).doesNotExist();
  }

  @Test
  void mistakesAreToldWithTheWayOut() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("ls, verify, retry or export");
    assertThat(commandLine().execute("ls", "--data=" + data.resolve("nowhere"))).isEqualTo(2);
    assertThat(err.toString()).contains("no spool in", "--data=DIR");
    assertThat(run("retry")).isEqualTo(2);
    assertThat(err.toString()).contains("node.connector is needed");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.isEmpty()) {
      all.add("--data=" + data);
    }
    out.getBuffer().setLength(0);
    return commandLine().execute(all.toArray(String[]::new));
  }

  private CommandLine commandLine() {
    return SpoolCommand.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
  }
}
