package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, as a newcomer runs it. */
class DemoTest {
  private static final int PARTICIPANTS = 3;
  private static final int SECONDS = 6;
  private static final int FRAMES = PARTICIPANTS * SECONDS * (30 + 50);

  @TempDir
  private Path folder;

  @Test
  void recordsACallAndFindsEveryFrameInTheFiles() throws Exception {
    Cli demo = Cli.runProcess(folder, "demo", "--participants", PARTICIPANTS, "--seconds", SECONDS,
        "--out", folder.resolve("files"), "--json");

    assertThat(demo.status()).as(demo.out() + demo.err()).isZero();
    JsonNode report = JsonMapper.builder().build().readTree(demo.out().lines().toList().getLast());
    assertThat(report.properties()).extracting(member -> member.getKey()).containsExactlyInAnyOrder("verdict",
        "recording_id", "duration_ms", "packets_sent", "frames_sent", "frames_in_files", "packets_forwarded",
        "packets_recorded", "events", "files");
    assertThat(report.path("verdict").asText()).isEqualTo("complete");
    assertThat(report.path("recording_id").asLong()).isBetween(1L << 32, 1L << 53);
    assertThat(report.path("duration_ms").asLong()).isGreaterThanOrEqualTo(SECONDS * 900);
    assertThat(report.path("frames_sent").asLong()).isEqualTo(FRAMES);
    assertThat(report.path("frames_in_files").asLong()).isEqualTo(FRAMES);
    assertThat(report.path("packets_sent").asLong()).isGreaterThanOrEqualTo(FRAMES);
    assertThat(report.path("packets_recorded").asLong()).isEqualTo(report.path("packets_sent").asLong());
    assertThat(report.path("packets_forwarded").asLong()).isGreaterThan(report.path("packets_sent").asLong());
    assertThat(texts(report.path("events"))).contains("Room.Started", "Record.Started", "Record.Stopped",
        "Record.Finalized", "Compose.Started", "Compose.Completed");
    assertFiles(report.path("files"));
    assertThat(demo.stackTrace()).isEmpty();
  }

  private static void assertFiles(JsonNode files) throws Exception {
    assertThat(files).hasSize(1 + 2 * PARTICIPANTS);
    assertThat(files.get(0).path("kind").asText()).isEqualTo("composed");
    for (JsonNode file : files) {
      assertThat(file.properties()).extracting(member -> member.getKey())
          .containsExactlyInAnyOrder("path", "kind", "codecs", "duration_ms", "bytes");
      assertThat(Files.size(Path.of(file.path("path").asText()))).isEqualTo(file.path("bytes").asLong());
      assertThat(texts(file.path("codecs"))).isNotEmpty().isSubsetOf("vp8", "opus");
      assertThat(file.path("duration_ms").asLong()).isBetween(SECONDS * 900L, SECONDS * 1000L + 1000L);
    }
  }

  @Test
  void refusesWhatItCannotDo() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(Cli.run("demo", "--participants", 0).err()).contains("--participants is 0; give 1 to 12");
    assertThat(Cli.run("demo", "--seconds", 601).status()).isEqualTo(2);
    assertThat(Cli.run("demo", "--seconds", "many").status()).isEqualTo(2);
    assertThat(Cli.run("demo", "--sconds", 3).status()).isEqualTo(2);
    Cli unwritable = Cli.run("demo", "--out", file.resolve("below"));
    assertThat(unwritable.status()).isEqualTo(2);
    assertThat(unwritable.err()).startsWith("demo: --out " + file);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
