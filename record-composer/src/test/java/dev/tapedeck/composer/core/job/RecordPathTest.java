package dev.tapedeck.composer.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tapedeck.protocol.fuzz.Mutator;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.id.KeySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPathTest {

  @Test
  void takesThePathOfTheStartedEvent() {
    assertThat(RecordPath.parse("acme/room%201/5000000001")).isEqualTo(new RecordPath("acme",
        "acme/room%201/5000000001/"));
    assertThat(RecordPath.parse("/acme/room 1/5000000001/")).isEqualTo(new RecordPath("acme",
        "acme/room%201/5000000001/"));
    assertThat(RecordPath.parse("%C3%A9/r/1").isOf("é")).isTrue();
    assertThat(RecordPath.parse("%C3%A9/r/1").isOf("e")).isFalse();
  }

  @Test
  void findsARecordingOfLongNamesHoweverTheyAreWritten() {
    String name = "会".repeat(42) + "~";
    String prefix = ChunkKey.recordingPrefix(name, name, 5_000_000_001L);
    String percentEncoded = KeySegment.percentEncode(name);

    for (String written : List.of(name, percentEncoded, KeySegment.escape(name))) {
      RecordPath path = RecordPath.parse(written + "/" + written + "/5000000001");
      assertThat(path.key()).isEqualTo(prefix);
      assertThat(path.isOf(name)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "acme", "acme/room", "acme/room/x", "acme/room/0", "acme/room/-1", "a/b/c/1",
      "../b/1",
      "a/../1", "./b/1", "a//1", "a\\b/c/1", "a/b\u0000/1", "//1"})
  void refusesEverythingElse(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> RecordPath.parse(path)).withMessageContaining("record_path");
  }

  @Test
  void neverLeavesTheFolderOfItsApp() {
    List<byte[]> corpus = new ArrayList<>();
    for (String app : List.of("acme", "%2E%2E", "..", "a b", "é", "\uD83D\uDE00", "a%2Fb", "%", "%zz",
        "x".repeat(300))) {
      for (String room : List.of("room", "..", "%2e%2e%2f", "a/b", "concat:x")) {
        corpus.add((app + "/" + room + "/5000000001").getBytes(StandardCharsets.UTF_8));
      }
    }
    Mutator.run("record path", 404, corpus, 100_000, bytes -> {
      RecordPath path;
      try {
        path = RecordPath.parse(new String(bytes, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException refused) {
        return;
      }
      assertThat(path.key()).matches("[A-Za-z0-9._~%-]{1,200}/[A-Za-z0-9._~%-]{1,200}/[1-9][0-9]*/")
          .startsWith(path.app() + "/")
          .doesNotContain("/../", "/./");
    });
  }
}
