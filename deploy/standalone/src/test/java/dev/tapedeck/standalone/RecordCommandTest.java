package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.protocol.config.Redacted;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists; that recordings are verified is shown by StandaloneTest on a real one. */
class RecordCommandTest {
  @TempDir
  private Path data;

  @Test
  void listsTheRecordingsOfADataFolderNewestFirst() throws Exception {
    try (Database database = Database.open(Redacted.of("sqlite:" + data.resolve("connector.db")))) {
      database.run(handle -> {
        RecordingRows.open(handle, "default", 5_000_000_001L, "lobby", 1, 1, 1, 1_780_000_000_000L);
        RecordingRows.open(handle, "default", 5_000_000_002L, "lobby", 1, 1, 1, 1_780_000_060_000L);
        RecordingRows.open(handle, "acme", 5_000_000_003L, "room", 1, 1, 1, 1_780_000_030_000L);
      });
    }

    Cli table = Cli.run("record", "list", "--data", data);
    JsonNode json = JsonMapper.builder().build().readTree(Cli.run("record", "list", "--data", data, "--json").out());

    assertThat(table.status()).as(table.err()).isZero();
    assertThat(table.out().lines().skip(1).map(line -> line.replaceAll(" .*", "")))
        .containsExactly("5000000003", "5000000002", "5000000001");
    assertThat(table.out()).contains("lobby", "2026-05-28T20:26:40");
    assertThat(json.path("recordings")).hasSize(3);
    assertThat(json.path("recordings").get(1).path("id").asLong()).isEqualTo(5_000_000_002L);
    assertThat(json.path("recordings").get(1).path("state").asText()).isEqualTo("armed");
    assertThat(json.path("recordings").get(1).path("verdict").isNull()).isTrue();
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(Cli.run("record", "list", "--data", data.resolve("none")).status()).isEqualTo(2);
    assertThat(Cli.run("record", "list", "--url", "http://127.0.0.1:1").err()).contains("--url needs --token");
    assertThat(Cli.run("record", "list", "--url", "http://127.0.0.1:1", "--token", "t").err())
        .contains("no server at http://127.0.0.1:1");
    assertThat(Cli.run("record").status()).isEqualTo(2);
    assertThat(Cli.run("record", "verify").status()).isEqualTo(2);
  }
}
