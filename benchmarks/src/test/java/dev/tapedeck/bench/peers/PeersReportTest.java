package dev.tapedeck.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.latency.Delays;
import dev.tapedeck.bench.peers.process.ProcessTree;
import dev.tapedeck.bench.report.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** S5-2: figures by system, and ratios round by round. */
class PeersReportTest {
  private static final Delays RELAY = new Delays(10, 100, 200, 300, 400, List.of());

  private static RoundFigures round(long cpuMicros, double p99Micros, long lost) {
    Delays near = new Delays(10, 500, p99Micros / 2, 900, 1000, List.of());
    Delays far = new Delays(10, 600, p99Micros, 950, 1200, List.of());
    return new RoundFigures(4, 1000 + lost, 8000, cpuMicros, Map.of("worker", 1_500_000L), 50, OptionalDouble.empty(),
        new ReceivedCount(1000, lost, 0, 0), new PathDelays(List.of(near, far), RELAY), OptionalDouble.of(4 * 2048));
  }

  private static JsonNode report() throws Exception {
    PeersReport report = new PeersReport(
        LoadShape.video(3, 80), "gcm", 10, Map.of("jvb", "say where it runs"), Machine.here());
    PeerSystem ours = new NamedSystem(PeersCommand.OURS);
    PeerSystem theirs = new NamedSystem("janus");
    report.add(ours, round(2000, 1200, 0));
    report.add(theirs, round(40_000, 3200, 0));
    report.add(ours, round(3000, 700, 0));
    report.add(theirs, round(30_000, 150, 2));
    assertThat(report.sections()).isNotEmpty();
    return new ObjectMapper().readTree(report.toJson());
  }

  @Test
  void saysTheMedianAndTheSpreadOfEachSystem() throws Exception {
    JsonNode cpu = report().path("systems").path(0).path("figures").path("cpu_us_per_forwarded_packet");

    assertThat(cpu.path("median").asDouble()).isCloseTo(2.5, within(0.001));
    assertThat(cpu.path("lowest").asDouble()).isCloseTo(2.0, within(0.001));
    assertThat(cpu.path("highest").asDouble()).isCloseTo(3.0, within(0.001));
  }

  @Test
  void saysWhichThreadsTookIt() throws Exception {
    JsonNode round = report().path("systems").path(0).path("rounds").path(0);

    assertThat(round.path("cpu_us_by_thread").path("worker").asDouble()).isCloseTo(1.5, within(0.001));
  }

  @Test
  void dividesRoundByRound() throws Exception {
    JsonNode ratio = report().path("ratios").path(0);

    assertThat(ratio.path("peer").asText()).isEqualTo("janus");
    assertThat(ratio.path("cpu_us_per_forwarded_packet").path("lowest").asDouble()).isCloseTo(0.05, within(0.001));
    assertThat(ratio.path("cpu_us_per_forwarded_packet").path("highest").asDouble()).isCloseTo(0.1, within(0.001));
  }

  @Test
  void takesTheRelayOffTheSlowestSubscriberAndLeavesOutNoise() throws Exception {
    JsonNode report = report();
    JsonNode latency = report.path("systems").path(0).path("figures").path("added_latency_us_p99");
    JsonNode ratio = report.path("ratios").path(0).path("added_latency_us_p99");

    assertThat(latency.path("highest").asDouble()).isCloseTo(1000, within(0.001));
    // The other round's difference came out below zero at the peer.
    assertThat(ratio.path("lowest").asDouble()).isCloseTo(1000.0 / 3000, within(0.001));
    assertThat(ratio.path("highest").asDouble()).isEqualTo(ratio.path("lowest").asDouble());
  }

  @Test
  void aBacklogIsNoMeasurement() {
    RoundFigures late = new RoundFigures(4, 1000, 8000, 2000, Map.of(), 50, OptionalDouble.empty(),
        new ReceivedCount(1700, 0, 0, 0), new PathDelays(List.of(RELAY), RELAY), OptionalDouble.empty());

    assertThat(late.verdict()).startsWith("not at its pace: 1700 packets in a window of 1000");
  }

  @Test
  void namesWhatWasMissingAndWhatWasLost() throws Exception {
    JsonNode report = report();

    assertThat(report.path("missing").path("jvb").asText()).isEqualTo("say where it runs");
    assertThat(report.path("verdict").asText()).isEqualTo("janus: 2 packets lost between system and subscribers");
    assertThat(report.path("systems").path(0).path("figures").has("system_calls_per_forwarded_packet")).isFalse();
    assertThat(report.path("systems").path(0).path("start_up_ms").asLong()).isEqualTo(250);
  }

  private record NamedSystem(String name) implements PeerSystem {
    @Override
    public String description() {
      return "made up";
    }

    @Override
    public ProcessTree processes() {
      return new ProcessTree(ProcessHandle.current().pid());
    }

    @Override
    public Optional<Duration> startUp() {
      return Optional.of(Duration.ofMillis(250));
    }

    @Override
    public Publication publish(String room, MediaKind kind, SdpClient client) {
      throw new UnsupportedOperationException("nothing is forwarded here");
    }

    @Override
    public Leaving subscribe(List<Publication> publications, SdpClient client) {
      throw new UnsupportedOperationException("nothing is forwarded here");
    }

    @Override
    public void close() {}
  }
}
