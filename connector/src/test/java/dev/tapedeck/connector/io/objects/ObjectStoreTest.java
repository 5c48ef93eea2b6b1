package dev.tapedeck.connector.io.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.RealStore;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.store.StoreUri;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4-4: two apps, two buckets, in everything the connector does with objects. */
class ObjectStoreTest {
  private static final List<String> APPS = List.of("red", "bl/ue", "other");

  @TempDir Path folder;

  @Test
  void eachAppHasItsOwnPlaceAndTheOthersShareOne() throws Exception {
    Files.createDirectories(folder.resolve("red-bucket"));
    Files.createDirectories(folder.resolve("blue-bucket"));
    try (RealStore real = new RealStore(folder);
        ObjectStore store = new ObjectStore(real.uri(), Optional.of("http://store.example:9000"), Map.of(
            "red", StoreUri.parse(real.uriText().replace("/tapes/rec", "/red-bucket")),
            "bl/ue", StoreUri.parse(real.uriText().replace("/tapes/rec", "/blue-bucket/deep"))))) {
      for (String app : APPS) {
        byte[] body = ("of " + app).getBytes(UTF_8);
        store.put(key(app), body, "text/plain");
        assertThat(store.read(key(app))).isEqualTo(body);
        assertThat(store.head(key(app)).orElseThrow().bytes()).isEqualTo(body.length);
        assertThat(store.list(ChunkKey.recordingPrefix(app, "room", 5), 10)).containsExactly(key(app));
        assertThat(store.presignGet(key(app), Duration.ofMinutes(5)).reveal())
            .startsWith(app.equals("other") ? "http://store.example:9000/tapes/" : real.endpoint());
      }
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(new byte[3]);
      assertThat(store.presignPut(key("red"), 3, sha256, Duration.ofMinutes(5)).url().reveal())
          .startsWith(real.endpoint() + "/red-bucket/red/room/5/");
      assertThat(store.publicEndpoint(key("other"))).isPresent();
      assertThat(store.publicEndpoint(key("red"))).as("people do not reach this app's store").isEmpty();
      store.delete(key("red"));
      assertThat(folder.resolve("red-bucket").resolve(key("red"))).doesNotExist();
    }
    assertThat(folder.resolve("blue-bucket/deep").resolve(key("bl/ue"))).hasContent("of bl/ue");
    assertThat(folder.resolve("tapes/rec").resolve(key("other"))).hasContent("of other");
    assertThat(folder.resolve("tapes/rec/red")).doesNotExist();
  }

  private static String key(String app) {
    return new ChunkKey(app, "room", 5, "peer", 6, 0, 1, 2).toString();
  }
}
