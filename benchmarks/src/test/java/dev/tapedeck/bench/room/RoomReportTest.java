package dev.tapedeck.bench.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.forward.ForwardRun;
import dev.tapedeck.bench.process.JvmFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomReportTest {
  @Test
  void aSubscriberCostsWhatHeapAndProcessGrewBy() throws Exception {
    List<Duration> joins = IntStream.rangeClosed(1, 100).map(i -> 101 - i).mapToObj(Duration::ofMillis).toList();
    RoomReport report = new RoomReport(10, 60,
        new ForwardRun(100, 10.0, 250_000, 100_000, 2, 0, Map.of("worker", 200_000_000L)),
        new JvmFacts(10 << 20, 0, 600 << 20, 30, 40), new JvmFacts(15 << 20, 0, 604 << 20, 30, 40), joins);

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.path("dropped").asLong()).isEqualTo(2);
    assertThat(json.path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(2.5);
    assertThat(json.path("memory_per_subscriber_bytes").asLong()).isEqualTo((9 << 20) / 100);
    assertThat(json.path("heap_per_subscriber_bytes").asLong()).isEqualTo((5 << 20) / 100);
    assertThat(json.path("join_ms_p50").asDouble()).isEqualTo(50);
    assertThat(json.path("join_ms_p99").asDouble()).isEqualTo(99);
    assertThat(json.path("verdict").asText()).contains("2 packets lost");
    assertThat(report.toText()).contains("10 publishers, 100 subscribers", "2 dropped");
  }
}
