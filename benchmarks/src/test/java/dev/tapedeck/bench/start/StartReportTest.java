package dev.tapedeck.bench.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.report.HtmlReport;
import dev.tapedeck.bench.report.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartReportTest {
  private static final StartReport REPORT = new StartReport(new TreeMap<>(Map.of(
      "cache", List.of(new OneStart(900, 1000, 800), new OneStart(700, 950, 900), new OneStart(800, 990, 850)),
      "none", List.of(new OneStart(2000, 2200, 1900)))));

  @Test
  void tellsTheMiddleAndTheEndsOfEachWay() throws Exception {
    JsonNode json = new ObjectMapper().readTree(REPORT.toJson());
    assertThat(json.path("cache").path("starts").asInt()).isEqualTo(3);
    assertThat(json.path("cache").path("ready_ms")).hasToString("{\"median\":800,\"lowest\":700,\"highest\":900}");
    assertThat(json.path("none").path("joined_ms").path("median").asInt()).isEqualTo(2200);
    assertThat(REPORT.toText().lines()).hasSize(6).first().asString().contains("cache", "ready_ms", "800  (700 - 900)");
  }

  @Test
  void isOnePageOfItsOwn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("start.html");
    HtmlReport.write(file, REPORT, new HtmlReport.Occasion(Machine.here(), "./tapedeck bench start", Instant.EPOCH));
    assertThat(Files.readString(file)).contains("from start to first join", "2200", "Median.");
  }
}
