package dev.tapedeck.composer.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.composer.testing.TestStore;
import dev.tapedeck.protocol.store.StoreUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3StoreTest {
  @TempDir
  private Path folder;

  private TestStore real;
  private S3Store store;

  @BeforeEach
  void start() throws Exception {
    real = new TestStore(folder.resolve("store"));
    store = new S3Store(real.parsedUri("tapes", "rec/a%20b/"));
  }

  @AfterEach
  void stop() throws Exception {
    store.close();
    real.close();
  }

  /** Fault h: a listing does not end after its first page of 1,000. */
  @Test
  void listsEveryPage() throws IOException {
    Path peer = real.file("tapes", "rec/a b/ann/6000000000");
    Files.createDirectories(peer);
    for (int i = 0; i < 1_205; i++) {
      Files.writeString(peer.resolve(i + ".tdc"), "x");
    }
    Files.createDirectories(real.file("tapes", "rec/other"));
    Files.writeString(real.file("tapes", "rec/other/1.tdc"), "x");

    assertThat(store.list("")).hasSize(1_205).allMatch(key -> key.startsWith("ann/6000000000/"));
  }

  @Test
  void keepsWhatItWasGivenUnderHostileKeys() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "content");
    String key = "%2E%2E/é %25/x+y.webm";

    store.put(key, file, "video/webm");

    assertThat(new String(store.read(key).orElseThrow())).isEqualTo("content");
    assertThat(store.describe(key)).isEqualTo("s3://tapes/rec/a b/" + key);
  }

  @Test
  void tellsAMissingObjectFromAStoreThatRefuses() throws Exception {
    assertThat(store.read("nothing")).isEmpty();
    assertThatThrownBy(() -> store.open("nothing")).isInstanceOf(FileNotFoundException.class);

    String wrong = real.uri("tapes", "").replace("word@", "wrong@");
    try (S3Store refused = new S3Store(StoreUri.parse(wrong))) {
      assertThatThrownBy(() -> refused.read("x")).isInstanceOf(IOException.class)
          .isNotInstanceOf(FileNotFoundException.class).hasMessageContaining("403")
          .message().doesNotContain("passwrong", "pass+wrong");
    }
  }
}
