package dev.tapedeck.bench.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A short run with real processes: what it counts must add up; how fast it was is nobody's business here. */
class RecordCommandTest {
  private static JsonNode json;

  @BeforeAll
  static void measure(@TempDir Path folder) throws Exception {
    json = run("--publishers", "1", "--subscribers", "1", "--seconds", "2", "--warm-up", "0", "--warm-up-tapes", "1",
        "--warm-up-rounds", "0", "--rounds", "1", "--turns", "2", "--journal-warm-up", "0",
        "--data", folder.toString(), "--json");
  }

  @Test
  void tellsEachFigureBesideItsTarget() {
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
  void tellsWhereTheWorkersMedianLies() {
    assertThat(json.path("turns").asInt()).isEqualTo(2);
    assertThat(json.path("worker_us_per_packet_without_recording").asDouble()).isPositive();
    for (String figure : List.of("worker_percent", "worker_us_per_recorded_packet")) {
      JsonNode likely = json.path(figure).path("median_with_95_percent_confidence");
      assertThat(json.path(figure).path("median").asDouble()).as(figure)
          .isBetween(likely.path("from").asDouble(), likely.path("to").asDouble());
    }
  }

  @Test
  void whatWasReceivedIsOnTapeAndInTheStore() {
    JsonNode without = json.path("runs").path(0);
    JsonNode with = json.path("runs").path(1);
    assertThat(without.path("recording").asBoolean()).isFalse();
    assertThat(without.path("taped").asLong()).isZero();
    assertThat(with.path("received").asLong()).isPositive();
    // One reading while packets come: the two counters are read one after the other.
    assertThat(with.path("taped").asLong()).isCloseTo(with.path("received").asLong(), withinPercentage(5));
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
