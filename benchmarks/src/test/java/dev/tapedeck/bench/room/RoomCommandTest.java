package dev.tapedeck.bench.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RoomCommandTest {
  /** The short form: a real server, a few subscribers; counts are checked, times are not. */
  @Test
  void everySubscriberIsCountedAndTimed(@TempDir Path folder) throws Exception {
    StringWriter out = new StringWriter();
    int exit = new CommandLine(new RoomCommand()).setOut(new PrintWriter(out)).execute("--publishers", "2",
        "--subscribers", "3", "--seconds", "1", "--warm-up", "0", "--data", folder.toString(), "--json",
        "--report", folder.resolve("report.html").toString());

    JsonNode json = new ObjectMapper().readTree(out.toString().lines().toList().getLast());
    System.out.println("room: " + json);
    assertThat(exit).as(out.toString()).isZero();
    assertThat(folder.resolve("report.html")).content().contains("Tapedeck: a room of 2 publishers", "Added latency");
    assertThat(json.path("publishers").asInt()).isEqualTo(2);
    assertThat(json.path("subscribers").asInt()).isEqualTo(3);
    assertThat(json.path("forwarded").asLong()).isPositive();
    assertThat(json.path("dropped").asLong()).isZero();
    assertThat(json.path("cpu_us_per_forwarded_packet").asDouble()).isPositive();
    assertThat(json.path("join_ms_p50").asDouble()).isPositive();
    assertThat(json.path("join_ms_p99").asDouble()).isGreaterThanOrEqualTo(json.path("join_ms_p50").asDouble());
  }
}
