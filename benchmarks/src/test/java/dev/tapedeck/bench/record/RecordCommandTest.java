package dev.tapedeck.bench.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A short run with real processes: what it counts must add up; how fast it was is nobody's business here. */
class RecordCommandTest {
  @Test
  void tellsEachFigureBesideItsTarget(@TempDir Path folder) throws Exception {
    JsonNode json = run("--publishers", "1", "--subscribers", "1", "--seconds", "1", "--warm-up", "0", "--rounds", "1",
        "--data", folder.toString(), "--json");

    for (String figure : List.of("worker_percent", "worker_us_per_recorded_packet", "process_us_per_recorded_packet",
        "memory_bytes_store_away", "video_disk_over_rtp", "video_store_over_rtp", "audio_disk_over_rtp",
        "audio_store_over_rtp", "journal_over_dd", "journal_always_over_dd")) {
      assertThat(json.path(figure).path("median").isNumber()).as(figure).isTrue();
      assertThat(json.path(figure).path("target").asDouble()).as(figure).isPositive();
      assertThat(json.path(figure).path("met").isBoolean()).as(figure).isTrue();
    }
    assertThat(json.path("rounds").asInt()).isEqualTo(1);
    assertThat(json.path("features").path("recording").asText()).contains("journal", "SHA-256", "upload");
    assertThat(json.path("generator_bound").isBoolean()).isTrue();
  }

  @Test
  void whatWasReceivedIsOnTapeAndInTheStore(@TempDir Path folder) throws Exception {
    JsonNode json = run("--publishers", "1", "--subscribers", "0", "--seconds", "1", "--warm-up", "0", "--rounds", "1",
        "--data", folder.toString(), "--json");

    JsonNode without = json.path("runs").path(0);
    JsonNode with = json.path("runs").path(1);
    assertThat(without.path("recording").asBoolean()).isFalse();
    assertThat(without.path("taped").asLong()).isZero();
    assertThat(with.path("received").asLong()).isPositive();
    assertThat(with.path("taped").asLong()).isEqualTo(with.path("received").asLong());
    assertThat(json.path("verdicts").properties()).singleElement()
        .satisfies(verdict -> assertThat(verdict.getKey()).isEqualTo("complete"));
    JsonNode away = json.path("store_away");
    assertThat(away.path("memory_peak_bytes").asLong())
        .isBetween(1L, away.path("memory_budget_bytes").asLong());
    for (String kind : List.of("video", "audio")) {
      long rtpBytes = away.path(kind).path("rtp_bytes").asLong();
      assertThat(rtpBytes).as(kind).isPositive();
      assertThat(away.path(kind).path("object_bytes").asLong()).as(kind).isGreaterThan(rtpBytes);
      assertThat(away.path(kind).path("journal_bytes").asLong()).as(kind).isGreaterThan(rtpBytes);
    }
  }

  private static JsonNode run(String... arguments) throws Exception {
    StringWriter out = new StringWriter();
    int exit = new CommandLine(new RecordCommand()).setOut(new PrintWriter(out)).execute(arguments);

    assertThat(exit).as(out.toString()).isZero();
    return new ObjectMapper().readTree(out.toString().lines().toList().getLast());
  }
}
