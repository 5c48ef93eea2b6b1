package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.TestConnector;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.composer.testing.TestStore;
import dev.tapedeck.composer.testing.Waiting;
import dev.tapedeck.protocol.wire.ComposeEvent.EventCase;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4-16, F n: a worker that is its own process, killed without warning in the middle of a job. */
class WorkerKillTest {
  private static final String SECRET = "secret-of-acme-0123456789-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private String url;

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void endsEachJobOnceHoweverOftenItIsKilled() throws Exception {
    try (TestStore store = new TestStore(folder.resolve("store")); TestConnector connector = new TestConnector(SECRET)) {
      TestRecording recording = new TestRecording("acme", "room", 1)
          .with(new Guest("ann", new SynthSpec(0, 8, MediaCodec.VP8, 320, 180, 15), 0))
          .with(new Guest("bob", new SynthSpec(1, 8, MediaCodec.VP8, 320, 180, 15), 500))
          .finalized();
      recording.writeTo(store.file("tapes", "rec"));

      Process worker = start(store, connector);
      String id = post("{\"record_path\":\"" + recording.path()
          + "\",\"transmux\":{},\"compose\":{\"audio\":true,\"video\":true}}");
      Waiting.until("tracks are being written", () -> job(id).path("progress").asDouble() > 0.1);
      kill(worker);
      worker = start(store, connector);
      Waiting.until("the composition is being made", () -> job(id).path("attempts").asInt() == 2
          && job(id).path("progress").asDouble() > 0.55);
      kill(worker);
      start(store, connector);
      Waiting.until("the job ends", () -> job(id).path("state").asText().matches("completed|failed"));
      Waiting.until("the events are delivered", () -> undelivered() == 0);

      assertThat(job(id).path("state").asText()).as("%s", job(id)).isEqualTo("completed");
      assertThat(job(id).path("verdict").asText()).isEqualTo("complete");
      assertThat(job(id).path("attempts").asInt()).isEqualTo(3);
      assertThat(connector.kinds(id)).containsExactly(EventCase.STARTED, EventCase.COMPLETED);
      assertThat(count("SELECT count(*) FROM event WHERE kind IN ('completed', 'failed')")).isEqualTo(1);
      assertThat(temporaryFiles()).as("what the killed processes left").isEmpty();
    }
  }

  private Process start(TestStore store, TestConnector connector) throws Exception {
    Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"),
        ComposerCli.class.getName(), "worker", "--http.port=0", "--composer.store=" + store.uri("tapes", "rec/"),
        "--composer.data=" + folder.resolve("data"), "--composer.poll=50ms", "--composer.lease=1s",
        "--apps.acme.secrets=" + SECRET, "--connector.url=" + connector.url())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    processes.add(process);
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    assertThat(line).startsWith("composer listens on ");
    url = line.substring("composer listens on ".length());
    return process;
  }

  private static void kill(Process process) throws Exception {
    process.destroyForcibly().waitFor();
  }

  private String post(String body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/convert/job"))
        .header("Authorization", "Bearer " + SECRET).POST(BodyPublishers.ofString(body)).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body()).path("data").path("job_id").asText();
  }

  private JsonNode job(String id) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/convert/job/" + id))
        .header("Authorization", "Bearer " + SECRET).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private long undelivered() throws Exception {
    return count("SELECT count(*) FROM event WHERE delivered_at = 0");
  }

  private long count(String query) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/jobs.db"));
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      return rows.getLong(1);
    }
  }

  private List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data/tmp"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
