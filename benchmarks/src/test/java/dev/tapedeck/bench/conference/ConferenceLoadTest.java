package dev.tapedeck.bench.conference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.load.ServerSide;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import dev.tapedeck.bench.process.SharedServer;
import dev.tapedeck.bench.report.Machine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Counts are checked, times are not. */
class ConferenceLoadTest {
  /** Rows {@code A-26}: everybody hears, or sees, all others, and the sample gets each packet as it was sent. */
  @ParameterizedTest
  @CsvSource({"2, 3, 0, true", "2, 3, 80, true"})
  void everybodyReceivesAllOthers(int rooms, int people, int picturePackets, boolean hasVoice) throws Exception {
    ServerProcess server = SharedServer.get();
    Conference conference = new Conference(rooms, people, picturePackets, hasVoice);
    ConferenceRun run;
    try (ConferenceLoad load =
        new ConferenceLoad(server.target(), ServerOptions.protections("gcm"), conference)) {
      run = load.measure(Duration.ZERO, Duration.ofSeconds(1));
    }

    JsonNode json = new ObjectMapper().readTree(new ConferenceReport("rooms", List.of(run), 0,
        new ServerSide(server.facts(), "gcm", server.startUp()), Machine.here()).toJson());
    System.out.println("conference: " + json);
    assertThat(run.load().traffic().audio()).isPositive();
    assertThat(run.load().traffic().video() > 0).isEqualTo(picturePackets > 0);
    assertThat(json.path("lost").asLong()).isZero();
    assertThat(json.path("broken").asLong()).isZero();
    assertThat(json.path("checked").asLong()).isPositive();
    assertThat(json.path("latency").path("middle").path("packets").asLong()).isPositive();
    assertThat(json.path("sessions").asInt()).isEqualTo(12);
  }

  @Test
  void refusesWhatNoPersonCanSend() {
    assertThat(errorOf("--rooms", "200", "--people", "3", "--forwarded-per-second", "100"))
        .contains("--forwarded-per-second is 100", "each person would send 0", "must be 8..20000");
    assertThat(errorOf("--rooms", "2000", "--people", "3")).contains("--rooms is 2000, must be 1..666");
  }

  private static String errorOf(String... arguments) {
    StringWriter err = new StringWriter();
    int exit = new CommandLine(new RoomsCommand()).setErr(new PrintWriter(err)).execute(arguments);
    assertThat(exit).isNotZero();
    return err.toString();
  }
}
