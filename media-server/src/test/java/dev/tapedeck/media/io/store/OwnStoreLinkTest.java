package dev.tapedeck.media.io.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.io.spool.ChunkPut;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4-4: destinations in the node's own settings, against a real S3 API that checks signatures. */
class OwnStoreLinkTest {
  private static final String SECRET = "pass/word+";
  private static final long STARTED = 1_000_000;

  @TempDir private Path folder;

  private final Connector connector = new Connector();
  private final ChunkPut put = new ChunkPut(Duration.ofSeconds(60));
  private S3Proxy store;

  @BeforeEach
  void startStore() throws Exception {
    for (String bucket : List.of("red", "blue", "rest")) {
      Files.createDirectories(folder.resolve(bucket));
    }
    store = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(folder.toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V4, "user", SECRET)
        .build();
    store.start();
  }

  @AfterEach
  void stopStore() throws Exception {
    put.close();
    store.stop();
  }

  @Test
  void twoAppsGoToTwoBucketsAndTheConnectorIsNotAskedToSign() throws Exception {
    byte[] content = "tape".getBytes(StandardCharsets.UTF_8);
    try (OwnStores stores = new OwnStores(
        Optional.of(uri("rest/some/path", SECRET)), Map.of("red", uri("red", SECRET), "blue", uri("blue", SECRET)))) {
      OwnStoreLink link = new OwnStoreLink(stores, connector, STARTED);
      for (String app : List.of("red", "blue", "other")) {
        ChunkSealed chunk = chunk(app, content, STARTED + 1);
        put.put(link.requestUrl(chunk).orElseThrow(), content);
        link.confirmStored(chunk);
      }
    }
    assertThat(folder.resolve("red").resolve(key("red"))).hasBinaryContent(content);
    assertThat(folder.resolve("blue").resolve(key("blue"))).hasBinaryContent(content);
    assertThat(folder.resolve("rest/some/path").resolve(key("other"))).hasBinaryContent(content);
    assertThat(connector.askedToSign).isEmpty();
    assertThat(connector.askedToLook).as("the connector verifies as always").containsExactly("red", "blue", "other");
  }

  @Test
  void appsWithoutADestinationAreSignedByTheConnector() throws Exception {
    try (OwnStores stores = new OwnStores(Optional.empty(), Map.of("red", uri("red", SECRET)))) {
      new OwnStoreLink(stores, connector, STARTED).requestUrl(chunk("blue", new byte[1], STARTED + 1));
    }
    assertThat(connector.askedToSign).containsExactly("blue");
  }

  @Test
  void wrongKeysAreRefusedByTheStoreAndNoneIsShown() throws Exception {
    try (OwnStores stores = new OwnStores(Optional.of(uri("red", "wrong-secret")), Map.of())) {
      PresignedPut leave = new OwnStoreLink(stores, connector, STARTED)
          .requestUrl(chunk("red", new byte[3], STARTED + 1)).orElseThrow();
      assertThat(leave.toString()).doesNotContain("Signature", "wrong-secret");
      assertThatThrownBy(() -> put.put(leave, new byte[3])).isInstanceOf(IOException.class).hasMessage("403 from store");
      assertThat(stores.of("red").orElseThrow().toString()).contains("/red/").doesNotContain("wrong-secret", "user");
    }
    assertThatThrownBy(() -> new OwnStores(Optional.empty(), Map.of("red", Redacted.of("ftp://user:hush@host/b"))))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("apps.red.store-uri")
        .hasMessageNotContaining("hush");
  }

  /** A dead process may have stored more of a chunk than its journal kept. */
  @Test
  void whatTheConnectorHasOfAnEarlierProcessIsNotPutOver() throws Exception {
    try (OwnStores stores = new OwnStores(Optional.of(uri("red", SECRET)), Map.of())) {
      OwnStoreLink link = new OwnStoreLink(stores, connector, STARTED);
      assertThat(link.requestUrl(chunk("red", new byte[3], STARTED - 1))).isEmpty();
      connector.hasNothing = true;
      assertThat(link.requestUrl(chunk("red", new byte[3], STARTED - 1))).isPresent();
    }
  }

  private Redacted uri(String place, String secret) {
    return Redacted.of("http://user:" + secret.replace("/", "%2F").replace("+", "%2B") + "@127.0.0.1:"
        + store.getPort() + "/" + place + "?path_style=true");
  }

  private static String key(String app) {
    return new ChunkKey(app, "room 1/é", 5, "..", 6, 0, 1, 2).toString();
  }

  private static ChunkSealed chunk(String app, byte[] content, long toMillis) throws Exception {
    return ChunkSealed.newBuilder().setTape(TapeId.newBuilder().setApp(app)).setKey(key(app)).setToMs(toMillis)
        .setBytes(content.length)
        .setSha256(ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(content))).build();
  }

  private static final class Connector implements UploadLink {
    final List<String> askedToSign = new ArrayList<>();
    final List<String> askedToLook = new ArrayList<>();
    boolean hasNothing;

    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) {
      askedToSign.add(chunk.getTape().getApp());
      return Optional.empty();
    }

    @Override
    public void confirmStored(ChunkSealed chunk) throws IOException {
      askedToLook.add(chunk.getTape().getApp());
      if (hasNothing) {
        throw new IOException("there is no object");
      }
    }
  }
}
