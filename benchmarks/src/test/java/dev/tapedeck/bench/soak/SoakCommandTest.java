package dev.tapedeck.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SoakCommandTest {
  private static final int CYCLES = 18;

  /** The short form of {@code bench soak --cycles 200}: heap, native memory, threads and file descriptors stay flat. */
  @Test
  void recordingsThatStartAndStopLeaveNothingBehind(@TempDir Path folder) throws Exception {
    StringWriter out = new StringWriter();
    int exit = new CommandLine(new SoakCommand()).setOut(new PrintWriter(out))
        .execute("--cycles", Integer.toString(CYCLES), "--data", folder.toString(), "--json");

    JsonNode json = new ObjectMapper().readTree(out.toString().lines().toList().getLast());
    System.out.println("soak: " + json);
    assertThat(exit).as(out.toString()).isZero();
    assertThat(json.path("flat").asBoolean()).isTrue();
    assertThat(json.path("samples")).hasSize(Soak.SAMPLES + 1);
    assertThat(json.path("samples").path(0).path("native_bytes").asLong()).isPositive();
    assertThat(json.path("verdicts").path("complete").asInt()).isEqualTo(CYCLES);
  }
}
