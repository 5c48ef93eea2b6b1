package dev.tapedeck.bench.overload;

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
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverloadLoadTest {
  /** The rate is changed while publishers send; far below any capacity nothing is lost. */
  @Test
  void offersMoreFromStepToStep() throws Exception {
    ServerProcess server = SharedServer.get();
    OverloadOptions options =
        new OverloadOptions(2, 3, 40, 1, 200, Duration.ZERO, Duration.ofSeconds(1), false);
    OverloadStep first;
    OverloadStep second;
    try (OverloadLoad load = new OverloadLoad(server.target(), ServerOptions.protections("gcm"), options)) {
      load.join();
      first = load.measure(40);
      second = load.measure(160);
    }

    JsonNode json = new ObjectMapper().readTree(new OverloadReport(options, List.of(first), second, Map.of(),
        new ServerSide(server.facts(), "gcm", server.startUp()), Machine.here()).toJson());
    System.out.println("overload: " + json);
    assertThat(second.videoOffered()).isGreaterThan(first.videoOffered());
    assertThat(second.load().traffic().lost()).isZero();
    assertThat(second.load().traffic().audio()).isPositive();
    assertThat(second.load().traffic().broken()).isZero();
    assertThat(json.path("recording_complete").asBoolean()).isFalse();
    assertThat(json.path("steps")).hasSize(1);
  }
}
