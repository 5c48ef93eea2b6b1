package dev.tapedeck.bench.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.process.ServerFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForwardReportTest {
  @Test
  void theJsonHasEachMeasurementAndTheWidestOnTop() throws Exception {
    ForwardReport report = new ForwardReport(
        List.of(new ForwardRun(1, 10.0, 200_000, 10_000, 0, 0, Map.of()),
            new ForwardRun(50, 10.0, 1_250_000, 500_000, 3, 0, Map.of("worker", 1_000_000_000L, "C2 CompilerThre", 250_000_000L, "spool", 1_000L))),
        "gcm", 1000, 20, new ServerFacts("libcrypto", "gso", Map.of("recording", "off")));

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.path("subscribers").asInt()).isEqualTo(50);
    assertThat(json.path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(2.5);
    assertThat(json.path("runs").path(0).path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(20.0);
    assertThat(json.path("runs").path(1).path("cpu_us_by_thread"))
        .isEqualTo(new ObjectMapper().readTree("{\"C2 CompilerThre\": 0.5, \"worker\": 2.0}"));
    assertThat(json.path("forwarded").asLong()).isEqualTo(500_000);
    assertThat(json.path("lost").asLong()).isEqualTo(3);
    assertThat(json.path("crypto").asText()).isEqualTo("libcrypto");
    assertThat(json.path("send").asText()).isEqualTo("gso");
    assertThat(json.path("features").path("recording").asText()).isEqualTo("off");
    assertThat(json.path("runs").get(1).path("verdict").asText()).contains("3 packets lost");
  }

  @Test
  void saysWhenItsOwnSocketsWereFull() {
    assertThat(new ForwardRun(10, 1, 1, 100, 5, 5, Map.of()).verdict()).contains("load generator was the bottleneck");
    assertThat(new ForwardRun(10, 1, 1, 0, 0, 0, Map.of()).verdict()).contains("nothing was forwarded");
    assertThat(new ForwardRun(10, 1, 1, 100, 0, 0, Map.of()).verdict()).isEqualTo("ok");
  }
}
