package dev.tapedeck.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.latency.Delays;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadRunTest {
  private static final Generator AT_EASE = new Generator(10, Map.of("bench-counting", 2_000_000_000L), 1_000_000,
      0, 10_000, 10_000, 0);

  /** 100,000 messages of five datagrams, 25,000 of one. */
  private static final Map<String, Double> COUNTERS = Map.of("tapedeck_udp_messages_sent", 125_000.0,
      "tapedeck_udp_datagrams_sent", 525_000.0, "tapedeck_udp_datagrams_gathered", 500_000.0,
      "tapedeck_udp_send_calls", 50_000.0);

  private static LoadRun run(Traffic traffic, Generator generator) {
    Delays relay = new Delays(10, 100, 200, 300, 400, List.of());
    Delays last = new Delays(10, 300, 700, 900, 1_000, List.of());
    return new LoadRun(10, 50, 1_250_000,
        Map.of("worker", 1_000_000_000L, "C2 CompilerThre", 250_000_000L, "spool", 1_000L), 500_000_000, 5_000,
        OptionalDouble.of(0.25), COUNTERS, 0, traffic, generator,
        new Latency(relay, Map.of("last", last)));
  }

  @Test
  void figuresArePerForwardedPacketAndWithoutTheRelay() {
    LoadRun run = run(new Traffic(100_000, 400_000, 0, 0, 0, 30_000, 0), AT_EASE);
    ObjectNode json = run.putInto(new ObjectMapper().createObjectNode());

    assertThat(json.path("cpu_us_per_forwarded_packet").asDouble()).isEqualTo(2.5);
    assertThat(json.path("cpu_us_by_thread").toString()).isEqualTo("{\"C2 CompilerThre\":0.5,\"worker\":2.0}");
    assertThat(json.path("context_switches_per_packet").asDouble()).isEqualTo(0.01);
    assertThat(json.path("system_calls_per_packet").asDouble()).isEqualTo(0.25);
    assertThat(json.path("workers_waited_for_cpu_share").asDouble()).isEqualTo(0.05);
    assertThat(json.path("latency").path("last").path("added_p99_us").asDouble()).isEqualTo(500);
    assertThat(json.path("generator").path("cpu_us_per_received_packet").asDouble()).isEqualTo(2.0);
    assertThat(json.path("generator_bound").asBoolean()).isFalse();
    assertThat(json.path("verdict").asText()).isEqualTo("ok");
    assertThat(json.path("packets_per_send_message").asDouble()).isEqualTo(4.2);
    assertThat(json.path("runs_longer_than_one_share").asDouble()).isEqualTo(0.8);
    assertThat(json.path("udp_calls_per_packet").asDouble()).isEqualTo(0.1);
  }

  @Test
  void saysWhatSpeaksAgainstTheFigures() {
    Traffic good = new Traffic(0, 100, 0, 0, 0, 10, 0);
    assertThat(run(Traffic.NONE, AT_EASE).verdict()).isEqualTo("nothing was forwarded");
    assertThat(run(new Traffic(0, 100, 3, 0, 0, 10, 0), AT_EASE).verdict()).startsWith("3 packets lost");
    assertThat(run(new Traffic(0, 100, 0, 0, 1, 10, 2), AT_EASE).verdict())
        .isEqualTo("2 packets of the sample were not as sent, 1 did not decrypt");
    assertThat(run(good, new Generator(10, Map.of(), 100, 0, 100, 100, 5)).verdict())
        .isEqualTo("the load generator was the bottleneck: 5 datagrams dropped at its own sockets");
    assertThat(run(good, new Generator(10, Map.of(), 100, 4, 90, 100, 0)).verdict()).contains("it sent 94 of 100");
    assertThat(run(good, new Generator(10, Map.of("bench-sending", 9_500_000_000L), 100, 0, 100, 100, 0)).verdict())
        .contains("busy for 95 %");
  }

  @Test
  void waitsAreToldByRank() {
    JoinTimes times = JoinTimes.of(IntStream.rangeClosed(1, 100).mapToObj(i -> Duration.ofMillis(101 - i)).toList());

    assertThat(times.millis(0.50)).isEqualTo(50);
    assertThat(times.millis(0.99)).isEqualTo(99);
  }
}
