package dev.tapedeck.connector.io.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.connector.RealStore;
import dev.tapedeck.protocol.store.StoreUri;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreProbeTest {
  @TempDir Path folder;

  @Test
  void passesARealStoreAndLeavesNothing() throws Exception {
    try (RealStore real = new RealStore(folder); ObjectStore store = new ObjectStore(real.uri(), Optional.empty())) {
      assertThat(new StoreProbe(store, "apps.a.store-uri").run("a").keepsHashes()).isTrue();

      assertThat(store.list("", 10)).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    try (RealStore real = new RealStore(folder)) {
      refused(real.uriText().replace("/tapes/", "/other/"), "bucket");
      refused(real.uriText().replace("word@", "wort@"), "password");
      refused(real.uriText().replace("test-user", "somebody"), "user");
      refused("http://u:p@127.0.0.1:1/tapes", "host and port of apps.a.store-uri");
    }
  }

  @Test
  void signsLengthAndHashIntoAnUpload() throws Exception {
    byte[] body = "0123456789".getBytes(UTF_8);
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(body);
    try (RealStore real = new RealStore(folder); ObjectStore store = new ObjectStore(real.uri(), Optional.empty())) {
      String key = "app/r%2F1/7/Zo%C3%AB/8/00000000-1-2.tdc";
      ObjectStore.Upload upload = store.presignPut(key, body.length, sha256, Duration.ofMinutes(5));

      assertThat(put(upload, "012345678".getBytes(UTF_8))).isEqualTo(403);
      assertThat(put(upload, "9876543210".getBytes(UTF_8))).isEqualTo(400);
      assertThat(store.head(key)).isEmpty();
      assertThat(put(upload, body)).isEqualTo(200);
      assertThat(store.head(key).orElseThrow().bytes()).isEqualTo(10);
      assertThat(store.hash(key)).isEqualTo(java.util.HexFormat.of().formatHex(sha256));
    }
  }

  private static int put(ObjectStore.Upload upload, byte[] body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(upload.url().reveal()))
        .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
    upload.headers().forEach((name, value) -> {
      if (!name.equals("content-length")) {
        request.header(name, value);
      }
    });
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static void refused(String uri, String reason) throws Exception {
    try (ObjectStore store = new ObjectStore(StoreUri.parse(uri), Optional.empty())) {
      assertThatThrownBy(() -> new StoreProbe(store, "apps.a.store-uri").run("a")).hasMessageContaining(reason)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Signature", "wort", RealStore.USER));
    }
  }
}
