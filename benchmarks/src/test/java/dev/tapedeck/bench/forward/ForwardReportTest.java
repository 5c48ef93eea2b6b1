package dev.tapedeck.bench.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForwardReportTest {
  @Test
  void theJsonHasEachMeasurementAndTheWidestOnTop() throws Exception {
    ForwardReport report = new ForwardReport(
        List.of(new ForwardRun(1, 10.0, 200_000, 10_000, 0, 0), new ForwardRun(50, 10.0, 1_250_000, 500_000, 3, 0)),
        "gcm", 1000, new ServerFacts("libcrypto", "gso", Map.of("recording", "off")));

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.path("subscribers").asInt()).isEqualTo(50);
    assertThat(json.path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(2.5);
    assertThat(json.path("runs").path(0).path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(20.0);
    assertThat(json.path("forwarded").asLong()).isEqualTo(500_000);
    assertThat(json.path("lost").asLong()).isEqualTo(3);
    assertThat(json.path("crypto").asText()).isEqualTo("libcrypto");
    assertThat(json.path("send").asText()).isEqualTo("gso");
    assertThat(json.path("features").path("recording").asText()).isEqualTo("off");
    assertThat(json.path("runs").get(1).path("verdict").asText()).contains("3 packets lost");
  }

  @Test
  void saysWhenItsOwnSocketsWereFull() {
    assertThat(new ForwardRun(10, 1, 1, 100, 5, 5).verdict()).contains("load generator was the bottleneck");
    assertThat(new ForwardRun(10, 1, 1, 0, 0, 0).verdict()).contains("nothing was forwarded");
    assertThat(new ForwardRun(10, 1, 1, 100, 0, 0).verdict()).isEqualTo("ok");
  }

  @Test
  void readsTheKernelsTables() {
    String stat = "4711 (java (odd) name) S 1 4711 4711 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9 0 1 2 3";
    assertThat(ProcessCpu.parse(stat)).isEqualTo(3_000_000);

    List<String> udp = List.of(
        "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref drops",
        "  120: 0100007F:C350 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 17",
        "  121: 00000000:C351 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 99");
    assertThat(SocketDrops.parse(udp, Set.of(50_000))).isEqualTo(17);
  }

  @Test
  void aServerThatTellsNothingIsUnknown() {
    assertThat(ServerFacts.parse("{\"crypto\":\"jitsi\",\"send\":\"nio\",\"features\":{\"recording\":true}}"))
        .isEqualTo(new ServerFacts("jitsi", "nio", Map.of("recording", "true")));
    assertThat(ServerFacts.parse("ok")).isEqualTo(new ServerFacts("unknown", "unknown", Map.of()));
  }
}
