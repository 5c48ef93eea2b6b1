package dev.tapedeck.bench.join;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.process.SharedServer;
import dev.tapedeck.bench.report.Machine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinLoadTest {
  /** Everybody gets in while the room plays on, and nobody's packet is lost; times are not checked. */
  @Test
  void aStormLeavesTheRoomAlone() throws Exception {
    ServerProcess server = SharedServer.get();
    JoinOptions options = new JoinOptions(8, 4, 2, 1, 3, 80, Duration.ofSeconds(1));
    JoinRound round;
    try (JoinLoad load = new JoinLoad(server.target(), ServerOptions.protections("gcm"), options)) {
      load.play();
      load.rehearse();
      round = load.round();
    }

    JsonNode json = new ObjectMapper().readTree(new JoinReport(options, List.of(round),
        new ServerSide(server.facts(), "gcm", server.startUp()), Machine.here()).toJson());
    System.out.println("join: " + json);
    assertThat(round.times().sorted()).hasSize(8).allMatch(Duration::isPositive);
    assertThat(round.quiet().traffic().lost() + round.storm().traffic().lost()).isZero();
    assertThat(round.storm().traffic().checked()).isPositive();
    assertThat(json.path("join_ms_p99").asDouble()).isGreaterThanOrEqualTo(json.path("join_ms_p50").asDouble());
  }
}
